//! A Chromium without a window, and the one page it shows.
//!
//! In: a file, keys, a window's size. Out: what the page asked for, what it complained of, and whatever a script in it
//! gives. Start at [`Chromium::start`].
//!
//! It speaks the [DevTools protocol](https://chromedevtools.github.io/devtools-protocol/) through a pipe: Chromium
//! reads JSON from its descriptor 3 and writes it to 4, each message ended by a NUL. So there is no port that another
//! process could take, and Chromium ends when the pipe does.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// What Chromium is called, in the order in which it is looked for.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// How long it may take to answer. Far more than it needs, also on a machine that does other things.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running Chromium; it ends when this is dropped.
pub struct Chromium {
    process: Child,
    commands: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// The number of the last command.
    last: u64,
    /// Of the page; empty until it is attached to.
    session: String,
    /// What came that answers no command.
    events: Vec<Value>,
    _profile: TempDir,
}

impl Chromium {
    /// Starts one with a profile of its own, and an empty page.
    ///
    /// `PARALLAX_CHROMIUM` may name the program. `None`, with a note, where there is none; with
    /// `PARALLAX_BROWSER=required` a panic.
    pub fn start() -> Option<Self> {
        let Some(program) = program() else {
            assert!(
                std::env::var_os("PARALLAX_BROWSER").is_none_or(|value| value != "required"),
                "PARALLAX_BROWSER=required, and there is no Chromium: {NAMES:?}"
            );
            eprintln!("*** SKIPPED: there is no Chromium ({}), so no page is opened", NAMES.join(", "));
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let mut process = Command::new("sh")
            .args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#])
            .arg(program)
            .args(["--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--no-first-run", "--disable-gpu"])
            .args(["--disable-dev-shm-usage", "--disable-background-networking", "--disable-extensions"])
            .args(["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--hide-scrollbars", "--lang=en"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let commands = process.stdin.take();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let (send, messages) = channel();
        thread::spawn(move || {
            let mut message = Vec::new();
            while output.read_until(0, &mut message).is_ok_and(|length| length > 0) {
                let json = serde_json::from_slice(message.strip_suffix(&[0]).unwrap_or(&message));
                if json.is_ok_and(|json| send.send(json).is_err()) {
                    break;
                }
                message.clear();
            }
        });
        let (session, events) = (String::new(), Vec::new());
        let mut chromium = Self { process, commands, messages, last: 0, session, events, _profile: profile };
        let target = chromium.ask("Target.createTarget", json!({"url": "about:blank"}));
        let target = json!({"targetId": target["targetId"], "flatten": true});
        chromium.session = chromium.ask("Target.attachToTarget", target)["sessionId"].as_str().unwrap().to_owned();
        for domain in ["Page", "Runtime", "Network", "Log", "Accessibility"] {
            chromium.ask(&format!("{domain}.enable"), json!({}));
        }
        // Without it a page without a window is never in focus, and tells nothing of what is.
        chromium.ask("Emulation.setFocusEmulationEnabled", json!({"enabled": true}));
        chromium.show_as("screen");
        Some(chromium)
    }

    /// Opens `path` and waits until it has loaded and its fonts stand. What other pages asked for is forgotten.
    pub fn open(&mut self, path: &Path) {
        self.visit(&url(path));
    }

    /// The same with an address.
    pub fn visit(&mut self, url: &str) {
        self.events.clear();
        let answer = self.ask("Page.navigate", json!({"url": url}));
        assert!(answer.get("errorText").is_none(), "{url}: {answer}");
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.receive("the page's load event");
            self.events.push(event);
        }
        self.run("document.fonts.ready.then(() => new Promise(requestAnimationFrame)).then(() => true)");
    }

    /// What the page opened last asked for, but for itself.
    pub fn requests(&mut self) -> Vec<String> {
        // An answer comes after the events before it.
        let page = self.run("location.href.replace(/#.*/, '')");
        let asked = self.events.iter().filter(|event| event["method"] == "Network.requestWillBeSent");
        let urls = asked.map(|event| event["params"]["request"]["url"].as_str().unwrap().to_owned());
        urls.filter(|url| Some(url.as_str()) != page.as_str()).collect()
    }

    /// What it complained of: exceptions, `console.error`, and what Chromium logs, such as what a policy refused.
    pub fn complaints(&mut self) -> Vec<String> {
        self.run("0");
        let complains = |event: &&Value| match event["method"].as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" | "Log.entryAdded" | "Page.javascriptDialogOpening" => true,
            "Runtime.consoleAPICalled" => ["error", "warning", "assert"].iter().any(|t| event["params"]["type"] == *t),
            _ => false,
        };
        self.events.iter().filter(complains).map(Value::to_string).collect()
    }

    /// The value of a script's last expression, or of what it promises.
    pub fn run(&mut self, script: &str) -> Value {
        let script = json!({"expression": script, "returnByValue": true, "awaitPromise": true});
        let answer = self.ask("Runtime.evaluate", script);
        assert!(answer.get("exceptionDetails").is_none(), "{}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Presses and lets go a key, by its name in `KeyboardEvent.key`: one of those below, or a letter.
    pub fn press(&mut self, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            "ArrowLeft" => 37,
            "ArrowRight" => 39,
            letter => letter.to_ascii_uppercase().as_bytes()[0],
        };
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "windowsVirtualKeyCode": code});
            self.ask("Input.dispatchKeyEvent", event);
        }
    }

    /// Clicks on the first line of the first element of a selector; on a phone, taps it.
    pub fn click(&mut self, selector: &str) {
        let script = format!(
            "(() => {{ const element = document.querySelector({});
             element.scrollIntoView({{ block: 'center', behavior: 'instant' }});
             const box = element.getClientRects()[0];
             return [box.left + box.width / 2, box.top + box.height / 2]; }})()",
            json!(selector)
        );
        let place = self.run(&script);
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1});
            self.ask("Input.dispatchMouseEvent", event);
        }
    }

    /// Makes the window `width` CSS pixels wide; a narrow one is a phone's.
    pub fn resize(&mut self, width: u32) {
        let phone = width < 600;
        let size = json!({"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": phone});
        self.ask("Emulation.setDeviceMetricsOverride", size);
    }

    /// Shows the page as on `medium`: `screen` or `print`.
    pub fn show_as(&mut self, medium: &str) {
        // Without motion nothing moves away under a click.
        let features = json!([{"name": "prefers-reduced-motion", "value": "reduce"}]);
        self.ask("Emulation.setEmulatedMedia", json!({"media": medium, "features": features}));
    }

    /// The accessibility tree's nodes that are not ignored.
    pub fn accessible(&mut self) -> Vec<Value> {
        let tree = self.ask("Accessibility.getFullAXTree", json!({}));
        let nodes = tree["nodes"].as_array().unwrap().iter();
        nodes.filter(|node| node["ignored"] == false).cloned().collect()
    }

    /// The window as it is now, from its top to `height`, as a PNG.
    pub fn picture(&mut self, height: u32) -> Vec<u8> {
        let corner = self.run("[scrollX, scrollY, innerWidth]");
        let clip = json!({"x": corner[0], "y": corner[1], "width": corner[2], "height": height, "scale": 1});
        let answer = self.ask("Page.captureScreenshot", json!({"format": "png", "clip": clip}));
        STANDARD.decode(answer["data"].as_str().unwrap()).unwrap()
    }

    /// Sends a command and gives its answer. Events that come before it are kept.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let mut command = json!({"id": self.last, "method": method, "params": params});
        if !self.session.is_empty() {
            command["sessionId"] = self.session.as_str().into();
        }
        let pipe = self.commands.as_mut().unwrap();
        write!(pipe, "{command}\0").and_then(|()| pipe.flush()).unwrap_or_else(|error| panic!("{method}: {error}"));
        loop {
            let message = self.receive(method);
            if message["id"] == self.last {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    fn receive(&self, awaited: &str) -> Value {
        let message = self.messages.recv_timeout(PATIENCE);
        message.unwrap_or_else(|error| panic!("Chromium did not give {awaited}: {error}"))
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // The end of the pipe is the end of Chromium, and of its own processes; the rest is for one that hangs.
        drop(self.commands.take());
        for _ in 0..100 {
            if self.process.try_wait().is_ok_and(|ended| ended.is_some()) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Chromium's program, where there is one.
fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("PARALLAX_CHROMIUM") {
        return Some(named.into());
    }
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let programs = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    programs.into_iter().find(|program| program.is_file())
}

/// `path` as an address.
fn url(path: &Path) -> String {
    let path = path.canonicalize().unwrap();
    let escape = |byte: &u8| match byte {
        b'/' | b'-' | b'_' | b'.' | b'~' => char::from(*byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(*byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    format!("file://{}", path.to_str().unwrap().as_bytes().iter().map(escape).collect::<String>())
}
