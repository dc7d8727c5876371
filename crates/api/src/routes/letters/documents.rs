//! The written letter, as a file.

use actix_web::http::header::{
    CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use actix_web::{HttpRequest, HttpResponse, get};
use tildel_usecases::domain::id::LetterId;
use tildel_usecases::letters::{self, Format};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::call::{Call, Id, Reply};
use crate::etag::ETag;
use crate::problem::{ApiCode, InputError, Place, Problem};

/// The page brings its own styles and nothing else.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// A format of a letter.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the formats that `format_of` reads")]
enum LetterFormat {
    /// PDF/A-2a and PDF/UA-1.
    Pdf,
    /// One page without external resources.
    Html,
}

/// The bytes of a PDF.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes the body of an answer")]
struct LetterPdf(Vec<u8>);

/// Read the written letter.
///
/// The version that stands, as soon as the worker has written it. Until then there is no such document.
#[utoipa::path(operation_id = "letterDocumentRead", tag = "Letters",
    params(("format" = inline(LetterFormat), Path, description = "The format.")),
    responses((status = 200, description = "The document.",
        content((inline(LetterPdf) = "application/pdf"), (String = "text/html")))))]
#[get("/v1/letters/{id}/documents/{format}")]
async fn read(call: Call, id: Id<LetterId>, request: HttpRequest) -> Reply {
    let format = format_of(&request)?;
    let (letter, rendition) = call
        .fetch(move |cx, _| Ok((letters::read(cx, id.0)?, letters::document_read(cx, id.0, format)?)))
        .await?;
    let tag = format!("\"{}\"", rendition.sha256);
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| ETag::is_listed(&tag, known)) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
    }
    let file_name = format!("{}.{}", letter.reference, format.as_str());
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, media_type(format)))
        .insert_header((CONTENT_DISPOSITION, format!("inline; filename=\"{file_name}\"")))
        .insert_header((ETAG, tag));
    if format == Format::Html {
        response.insert_header((CONTENT_SECURITY_POLICY, PAGE_POLICY));
    }
    Ok(response.body(rendition.bytes))
}

fn media_type(format: Format) -> &'static str {
    match format {
        Format::Pdf => "application/pdf",
        Format::Html => "text/html; charset=utf-8",
    }
}

fn format_of(request: &HttpRequest) -> Result<Format, Problem> {
    let asked = request.match_info().query("format");
    Format::ALL.into_iter().find(|format| format.as_str() == asked).ok_or_else(|| {
        let place = Place::Parameter("format".to_owned());
        let expected = Format::ALL.map(Format::as_str).join(", ");
        let error = InputError { place, code: ApiCode::UnacceptableValue, expected };
        Problem::new(ApiCode::InvalidPath).errors(vec![error])
    })
}

/// Adds the routes.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read);
}
