//! The letter as PDF/A-2a and PDF/UA-1 in one file, set by Typst within the process.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook, FontStyle, FontWeight};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::document::LetterDocument;

/// Why a letter could not be made into a PDF.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The letter cannot be written as data.
    #[error("hand the letter to the typesetter")]
    Data(#[from] serde_json::Error),
    /// The page could not be set.
    #[error("set the letter: {0}")]
    Compile(String),
    /// The page is set, but the file would not conform, e.g. for a character that no font has.
    #[error("write the letter as PDF/A-2a and PDF/UA-1: {0}")]
    Export(String),
}

/// The letter as a tagged PDF that conforms to PDF/A-2a and PDF/UA-1, with its fonts embedded.
///
/// The bytes depend on the letter alone: its date is the document's date, its content the document's identifier.
///
/// # Errors
/// The page cannot be set, or the file would not conform. Typst checks conformance while it writes.
pub fn render_pdf(letter: &LetterDocument) -> Result<Vec<u8>, RenderError> {
    render(include_str!("letter.typ"), serde_json::to_vec(letter)?)
}

fn render(template: &str, data: Vec<u8>) -> Result<Vec<u8>, RenderError> {
    let identifier = hex::encode(Sha256::digest(&data));
    let page = Page::new(template, data)?;
    let pdf = export(&page, identifier);
    // Typst remembers every compilation, also a failed one, and a server would grow without bound.
    typst::comemo::evict(0);
    pdf
}

fn export(page: &Page, identifier: String) -> Result<Vec<u8>, RenderError> {
    let document = typst::compile(page).output.map_err(|errors| RenderError::Compile(messages(&errors)))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| RenderError::Export(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(identifier),
        creator: Smart::Custom(Some("Tildel".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| RenderError::Export(messages(&errors)))
}

fn messages(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}

/// The fonts of a letter, from those that come with Typst: upright, italic and semibold, no more.
static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let wanted = |font: &Font| {
        let info = font.info();
        info.family == "Libertinus Serif"
            && matches!(
                (info.variant.style, info.variant.weight),
                (FontStyle::Normal, FontWeight::REGULAR | FontWeight::SEMIBOLD)
                    | (FontStyle::Italic, FontWeight::REGULAR)
            )
    };
    typst_assets::fonts().filter_map(|data| Font::new(Bytes::new(data), 0)).filter(wanted).collect()
});

static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

/// Header cells of table rows are still behind a feature of Typst.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    LazyHash::new(Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build())
});

/// All that Typst may see: one source, one data file, three fonts. No other file, no package, no clock.
struct Page {
    source: Source,
    data_id: FileId,
    data: Bytes,
}

impl Page {
    fn new(template: &str, data: Vec<u8>) -> Result<Self, RenderError> {
        let source = Source::new(file_id("letter.typ")?, template.to_owned());
        Ok(Self { source, data_id: file_id("letter.json")?, data: Bytes::new(data) })
    }
}

fn file_id(name: &str) -> Result<FileId, RenderError> {
    let path = VirtualPath::new(name).map_err(|error| RenderError::Compile(error.to_string()))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Page {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data_id { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_fonts_are_found() {
        assert_eq!(FONTS.len(), 3);
    }

    #[test]
    fn what_typst_may_not_see_is_an_error() {
        for forbidden in [
            "#read(\"/etc/hostname\")",
            "#read(\"../Cargo.toml\")",
            "#import \"@preview/cetz:0.3.0\"",
            "#include \"other.typ\"",
            "#datetime.today()",
        ] {
            let result = render(forbidden, b"{}".to_vec());
            assert!(matches!(result, Err(RenderError::Compile(_))), "{forbidden}: {result:?}");
        }
    }

    #[test]
    fn a_document_without_title_or_date_does_not_conform() {
        let render = |document: &str| render(&format!("#set document({document})\nx"), b"{}".to_vec());
        let date = "date: datetime(year: 2020, month: 6, day: 12)";
        assert!(matches!(render(date), Err(RenderError::Export(_))));
        assert!(matches!(render("title: \"t\", date: none"), Err(RenderError::Export(_))));
        assert!(render(&format!("title: \"t\", {date}")).is_ok());
    }
}
