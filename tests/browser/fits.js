// What is cut off or sticks out of the page, in words; nothing if all is to be seen.
(() => {
  const page = document.scrollingElement;
  const wrong = [];
  const edge = page.clientWidth + 1;
  if (page.scrollWidth > innerWidth) wrong.push(`the page is ${page.scrollWidth} px wide of ${innerWidth}`);
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const name = `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`;
    if (box.width < 2 || box.height < 2 || style.visibility === "hidden" || style.position === "fixed") continue;
    if (element.closest(".skip, .hidden, [hidden]")) continue;
    // What scrolls inside itself may reach further, where it can be scrolled to by keyboard.
    if (element.parentElement.closest(".scroll") && !matchMedia("print").matches) continue;
    if (box.right > edge || box.left < -1) wrong.push(`${name} from ${Math.round(box.left)} to ${Math.round(box.right)} px`);
    const cut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && style.overflowX !== "visible";
    const scrolls = element.matches(".scroll") && !matchMedia("print").matches;
    if (cut && !scrolls && style.textOverflow !== "ellipsis") wrong.push(`${name} cuts ${element.scrollWidth - element.clientWidth} px`);
  }
  return wrong.slice(0, 10);
})()
