//! The description of the API, for `GET /openapi.json`: OpenAPI 3.1, made of the types.
//!
//! In: the endpoints, and the types of what they take and give. Out: one JSON object. Start at [`text`].

use super::asked::{CompareRequest, Query, ScoreRequest};
use super::compare::ComparisonPageAnswer;
use super::corrections::{CorrectionAnswer, CorrectionRequest};
use super::metrics::OPENMETRICS;
use super::models::ModelsAnswer;
use super::next::NextAnswer;
use super::problem::{PROBLEM_JSON, Problem};
use super::read::PageAnswer;
use super::retrain::{DecisionRequest, RetrainAnswer, RetrainRequest};
use super::routes::Endpoint;
use super::sent::Media;
use super::versions::{RestoreRequest, VersionsAnswer};
use crate::report::Report;
use crate::report::comparison::Comparison;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};

/// Where the schemas of types stand.
const SCHEMAS: &str = "/components/schemas";

/// The description, as JSON.
///
/// # Errors
/// What `serde_json` says.
pub fn text() -> serde_json::Result<String> {
    serde_json::to_string(&description())
}

/// The description.
#[must_use]
pub fn description() -> Value {
    let settings = || {
        SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = SCHEMAS.into();
            settings.meta_schema = None;
        })
    };
    let mut taken = settings().for_deserialize().into_generator();
    let mut given = settings().for_serialize().into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for endpoint in Endpoint::ALL {
        let operation = operation(endpoint, &mut taken, &mut given);
        let path = paths.entry(endpoint.path()).or_insert_with(|| json!({}));
        path[endpoint.method().to_ascii_lowercase()] = operation;
    }
    let mut schemas = taken.take_definitions(true);
    schemas.extend(given.take_definitions(true));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Parallax",
            "version": env!("CARGO_PKG_VERSION"),
            "description": env!("CARGO_PKG_DESCRIPTION"),
            "license": { "name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE") },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
        "security": [{}, { "token": [] }],
    })
}

/// How one endpoint is asked, and what it answers.
fn operation(endpoint: Endpoint, taken: &mut SchemaGenerator, given: &mut SchemaGenerator) -> Value {
    let text = || json!({ "type": "string" });
    let body = |content: Value| json!({ "required": true, "content": content });
    let (name, summary, request, parameters, answer) = match endpoint {
        Endpoint::Score => {
            let report = given.subschema_for::<Report>();
            let request = body(json!({
                Media::Json.name(): { "schema": taken.subschema_for::<ScoreRequest>() },
                Media::Lines.name(): { "schema": text() },
                Media::Text.name(): { "schema": text() },
                Media::Html.name(): { "schema": text() },
            }));
            let answer = json!({
                Media::Json.name(): { "schema": { "oneOf": [report, { "type": "array", "items": report }] } },
                Media::Lines.name(): { "schema": text() },
            });
            let summary = "Scores documents. The options of a body that is not application/json stand in the query.";
            ("score", summary, Some(request), query(taken), answer)
        }
        Endpoint::Compare => {
            let request = body(json!({ Media::Json.name(): { "schema": taken.subschema_for::<CompareRequest>() } }));
            let answer = json!({ Media::Json.name(): { "schema": given.subschema_for::<Comparison>() } });
            ("compare", "Sets several tellings of one event side by side.", Some(request), json!([]), answer)
        }
        Endpoint::Page => {
            let request = body(json!({ Media::Json.name(): { "schema": taken.subschema_for::<ScoreRequest>() } }));
            let answer = json!({ Media::Json.name(): { "schema": given.subschema_for::<PageAnswer>() } });
            ("page", "Documents as the page shows them: reports, and their markup.", Some(request), json!([]), answer)
        }
        Endpoint::PageCompare => {
            let request = body(json!({ Media::Json.name(): { "schema": taken.subschema_for::<CompareRequest>() } }));
            let answer = json!({ Media::Json.name(): { "schema": given.subschema_for::<ComparisonPageAnswer>() } });
            let summary = "Several tellings of one event as the page shows them.";
            ("compare-page", summary, Some(request), json!([]), answer)
        }
        Endpoint::Next => {
            let request = body(json!({ Media::Json.name(): { "schema": taken.subschema_for::<ScoreRequest>() } }));
            let answer = json!({ Media::Json.name(): { "schema": given.subschema_for::<NextAnswer>() } });
            (
                "next",
                "Ranks sentences: those that a reader's labels would teach most first.",
                Some(request),
                json!([]),
                answer,
            )
        }
        Endpoint::Corrections => {
            let request = body(json!({ Media::Json.name(): { "schema": taken.subschema_for::<CorrectionRequest>() } }));
            let answer = json!({ Media::Json.name(): { "schema": given.subschema_for::<CorrectionAnswer>() } });
            ("correct", "Keeps a correction, or takes one back.", Some(request), json!([]), answer)
        }
        Endpoint::Retrain => {
            let request = body(json!({ Media::Json.name(): { "schema": taken.subschema_for::<RetrainRequest>() } }));
            let answer = json!({ Media::Json.name(): { "schema": given.subschema_for::<RetrainAnswer>() } });
            let summary = "Begins to teach a model the corrections of the store; one at a time.";
            ("retrain", summary, Some(request), json!([]), answer)
        }
        Endpoint::Stage => {
            let answer = json!({ Media::Json.name(): { "schema": given.subschema_for::<RetrainAnswer>() } });
            (
                "retraining",
                "Where retraining stands, and what a model that is ready would change.",
                None,
                json!([]),
                answer,
            )
        }
        Endpoint::Accept | Endpoint::Reject => {
            let request = body(json!({ Media::Json.name(): { "schema": taken.subschema_for::<DecisionRequest>() } }));
            let answer = json!({ Media::Json.name(): { "schema": given.subschema_for::<RetrainAnswer>() } });
            let (name, summary) = match endpoint {
                Endpoint::Accept => {
                    ("accept", "Puts the model that is ready into use; requests in flight finish on the one before.")
                }
                _ => ("reject", "Drops the model that is ready."),
            };
            (name, summary, Some(request), json!([]), answer)
        }
        Endpoint::Versions => {
            let answer = json!({ Media::Json.name(): { "schema": given.subschema_for::<VersionsAnswer>() } });
            ("versions", "The versions of the models that retraining made.", None, json!([]), answer)
        }
        Endpoint::Restore => {
            let request = body(json!({ Media::Json.name(): { "schema": taken.subschema_for::<RestoreRequest>() } }));
            let answer = json!({ Media::Json.name(): { "schema": given.subschema_for::<VersionsAnswer>() } });
            ("restore", "Puts an earlier version into use again.", Some(request), json!([]), answer)
        }
        Endpoint::Models => {
            let answer = json!({ Media::Json.name(): { "schema": given.subschema_for::<ModelsAnswer>() } });
            ("models", "Which models answer.", None, json!([]), answer)
        }
        Endpoint::Card => {
            let name = json!([{ "name": "name", "in": "path", "required": true, "schema": text() }]);
            let answer = json!({ "text/markdown": { "schema": text() } });
            ("card", "A model's card: what it is, how good it is, its sources and their terms.", None, name, answer)
        }
        Endpoint::Health => {
            let answer = json!({ Media::Text.name(): { "schema": text() } });
            ("health", "Whether the server is alive. Asks for no token.", None, json!([]), answer)
        }
        Endpoint::Metrics => {
            let media = OPENMETRICS.split(';').next().unwrap_or(OPENMETRICS);
            ("metrics", "Counts, for Prometheus.", None, json!([]), json!({ media: { "schema": text() } }))
        }
        Endpoint::OpenApi => {
            let answer = json!({ Media::Json.name(): { "schema": { "type": "object" } } });
            ("description", "This description.", None, json!([]), answer)
        }
    };
    let problem = json!({ PROBLEM_JSON: { "schema": given.subschema_for::<Problem>() } });
    let status = if endpoint == Endpoint::Retrain { "202" } else { "200" };
    let mut operation = json!({
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            (status): { "description": "The answer.", "content": answer },
            "default": { "description": "A problem document (RFC 9457).", "content": problem },
        },
    });
    if let Some(request) = request {
        operation["requestBody"] = request;
    }
    operation
}

/// The options in the query, each as a parameter.
fn query(taken: &mut SchemaGenerator) -> Value {
    let schema = taken.root_schema_for::<Query>().to_value();
    let parameter = |(name, schema): (&String, &Value)| json!({ "name": name, "in": "query", "schema": schema });
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.map(|properties| properties.iter().map(parameter).collect()).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Every `$ref` of a value.
    fn references<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
        match value {
            Value::Object(object) => {
                found.extend(object.get("$ref").and_then(Value::as_str));
                object.values().for_each(|value| references(value, found));
            }
            Value::Array(list) => list.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }

    #[test]
    fn every_endpoint_is_described_and_every_reference_leads_somewhere() {
        let description = description();
        for endpoint in Endpoint::ALL {
            let operation = &description["paths"][endpoint.path()][endpoint.method().to_ascii_lowercase()];
            assert!(operation["summary"].is_string(), "{endpoint:?}");
            assert_eq!(operation.get("requestBody").is_some(), endpoint.method() == "POST", "{endpoint:?}");
        }
        let described = description["paths"].as_object().unwrap().values();
        assert_eq!(described.map(|path| path.as_object().unwrap().len()).sum::<usize>(), Endpoint::ALL.len());
        let mut found = Vec::new();
        references(&description, &mut found);
        assert!(found.len() > 20);
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(description.pointer(pointer).is_some(), "{reference}");
        }
    }

    #[test]
    fn what_a_report_may_leave_out_is_not_required_and_labels_are_listed() {
        let description = description();
        let report = &description["components"]["schemas"]["Report"];
        let required: Vec<&str> =
            report["required"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect();
        assert!(required.contains(&"sentences") && !required.contains(&"loaded"), "{required:?}");
        let kinds = &description["components"]["schemas"]["LoadedKind"]["enum"];
        assert!(kinds.as_array().unwrap().contains(&"doubt".into()));
    }
}
