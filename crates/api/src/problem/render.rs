//! Writing a problem for the one who asked.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE};
use serde_json::{Value, json};
use tildel_usecases::domain::text::{Catalogue, CatalogueTexts, Language, fill};

use super::{ApiCode, InputError, Place, Problem, Words};

static TEXTS: LazyLock<Option<Catalogue>> =
    LazyLock::new(|| Catalogue::parse(include_str!("../../texts/problems.toml")).ok());

/// What a problem is written for.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    /// The language of title and details.
    pub(crate) language: Language,
    /// Links the answer to the logs.
    pub(crate) trace_id: String,
    /// The path and query of the request.
    pub(crate) instance: String,
    /// The URI that the types of problems begin with.
    pub(crate) type_base: String,
}

impl Problem {
    /// The answer to the request of the scene.
    pub(crate) fn render(&self, scene: &Scene) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((CONTENT_TYPE, "application/problem+json"));
        response.insert_header((CONTENT_LANGUAGE, scene.language.code()));
        for (name, value) in &self.headers {
            response.insert_header((*name, value.as_str()));
        }
        response.body(self.body(scene).to_string())
    }

    fn body(&self, scene: &Scene) -> Value {
        let code = self.code();
        let (title, detail) = self.words.texts(scene.language);
        let mut body = json!({
            "type": format!("{}{code}", scene.type_base),
            "title": title,
            "status": self.status.as_u16(),
            "detail": detail,
            "instance": scene.instance,
            "code": code,
            "traceId": scene.trace_id,
        });
        if let Words::Refusal(refusal) = &self.words {
            body["rule"] = refusal.code.rule().into();
            if let Some(pointer) = &refusal.pointer {
                body["errors"] = json!([{ "pointer": pointer, "code": code, "detail": detail }]);
            }
        }
        if !self.errors.is_empty() {
            body["errors"] = self.errors.iter().map(|error| error.body(scene.language)).collect();
        }
        body
    }
}

impl Words {
    /// Title and detail.
    fn texts(&self, language: Language) -> (String, String) {
        match self {
            Self::Refusal(refusal) => (refusal.title(language), refusal.detail(language)),
            Self::Api(code, params) => match texts_of(*code) {
                Some(texts) => {
                    (texts.title.get(language).to_owned(), fill(texts.detail.get(language), params))
                }
                None => (code.as_str().to_owned(), code.as_str().to_owned()),
            },
        }
    }
}

impl InputError {
    fn body(&self, language: Language) -> Value {
        let (place, name) = match &self.place {
            Place::Pointer(pointer) => ("pointer", pointer),
            Place::Parameter(parameter) => ("parameter", parameter),
        };
        let params = [("expected", self.expected.clone())];
        let detail = texts_of(self.code).map(|texts| fill(texts.detail.get(language), &params));
        json!({ place: name, "code": self.code.as_str(), "detail": detail })
    }
}

fn texts_of(code: ApiCode) -> Option<&'static CatalogueTexts> {
    TEXTS.as_ref().and_then(|texts| texts.get(code.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_texts_in_every_language_and_no_text_is_left_over() {
        let texts = TEXTS.as_ref().expect("the texts of problems parse");
        for code in ApiCode::ALL {
            let entry = texts.get(code.as_str()).unwrap_or_else(|| panic!("{} has no texts", code.as_str()));
            for text in [&entry.title, &entry.detail] {
                assert!(text.nn.is_some() && text.en.is_some(), "{} lacks a language", code.as_str());
            }
        }
        let known: Vec<_> = ApiCode::ALL.iter().map(|code| code.as_str()).collect();
        let left_over: Vec<_> = texts.keys().filter(|key| !known.contains(key)).collect();
        assert!(left_over.is_empty(), "texts without a code: {left_over:?}");
    }

    #[test]
    fn a_problem_names_its_code_its_place_and_its_trace() {
        let scene = Scene {
            language: Language::Nn,
            trace_id: "4bf92f3577b34da6a3ce929d0e0e4736".into(),
            instance: "/v1/rounds?limit=0".into(),
            type_base: "https://tildel.no/problems/".into(),
        };
        let errors = vec![InputError {
            place: Place::Parameter("limit".into()),
            code: ApiCode::UnacceptableValue,
            expected: "minimum 1".into(),
        }];
        let body = Problem::new(ApiCode::InvalidQuery).errors(errors).body(&scene);
        assert_eq!(body["type"], "https://tildel.no/problems/invalid_query");
        assert_eq!(body["status"], 400);
        assert_eq!(body["traceId"], scene.trace_id);
        assert_eq!(body["errors"][0]["parameter"], "limit");
        assert!(body["errors"][0]["detail"].as_str().unwrap().contains("minimum 1"));
    }
}
