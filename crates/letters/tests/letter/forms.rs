//! PDF and HTML: conformance marks, same bytes each time, and facts that look like markup.

use tildel_letters::{RenderError, plain_text, render_html, render_pdf};

use crate::fixture::{amounts, composed, letter};

/// Looks like markup of Typst, HTML and the templates at once.
const HOSTILE: &str =
    r#"#eval("1") *b* _i_ @ref $x$ `c` \u{41} <script>alert('1')</script> & {{ scheme }} {% if %} // [c]"#;

fn contains(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|window| window == part.as_bytes())
}

#[test]
fn the_pdf_is_tagged_and_declares_both_standards() {
    let pdf = render_pdf(&composed(&letter())).unwrap();
    assert!(pdf.starts_with(b"%PDF-1.7"));
    for mark in [
        "/StructTreeRoot",
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "Kommuner til oppstartsfase",
    ] {
        assert!(contains(&pdf, mark), "{mark}");
    }
    assert!(contains(&pdf, "/Lang(nb)") || contains(&pdf, "/Lang (nb)"));
    assert!(!contains(&pdf, "<pdfaid:part>3</pdfaid:part>"));
}

#[test]
fn the_same_letter_gives_the_same_bytes_and_another_letter_others() {
    let mut content = letter();
    content.facts.amounts = Some(amounts());
    let document = composed(&content);
    let first = render_pdf(&document).unwrap();
    assert_eq!(first, render_pdf(&document).unwrap());
    assert_eq!(render_html(&document), render_html(&document));
    content.case_number = Some("RO-2020-0008".into());
    assert_ne!(first, render_pdf(&composed(&content)).unwrap());
}

#[test]
fn facts_are_never_markup() {
    let mut content = letter();
    content.sender.name = HOSTILE.into();
    content.recipients = vec![HOSTILE.into()];
    content.facts.scheme = HOSTILE.into();
    content.facts.projects[0].title = HOSTILE.into();
    let document = composed(&content);
    assert!(plain_text(&document).matches(HOSTILE).count() >= 4);

    let page = render_html(&document);
    assert!(!page.contains("<script"));
    assert!(page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; {{ scheme }}"));

    // Typst would refuse `@ref` and `$x$` as markup of a missing label and as mathematics without a font.
    render_pdf(&document).unwrap();
}

#[test]
fn control_characters_do_not_reach_the_letter() {
    let mut content = letter();
    content.facts.projects[0].title = "a\u{0}b\u{202e}c\nd".into();
    let document = composed(&content);
    assert!(plain_text(&document).contains("\nabc d\n"));
    render_pdf(&document).unwrap();
}

#[test]
fn sami_letters_are_in_the_fonts() {
    let mut content = letter();
    content.recipients = vec!["Guovdageainnu suohkan – Áá Čč Đđ Ŋŋ Šš Ŧŧ Žž Ææ Øø Åå".into()];
    render_pdf(&composed(&content)).unwrap();
}

#[test]
fn a_character_that_no_font_has_is_an_error_and_leaves_the_next_letter_alone() {
    let mut content = letter();
    content.facts.projects[0].title = "Lek \u{1f9f8}".into();
    let error = render_pdf(&composed(&content)).unwrap_err();
    assert!(matches!(error, RenderError::Export(_)), "{error}");
    render_pdf(&composed(&letter())).unwrap();
}

#[test]
fn the_page_is_whole_and_names_its_parts() {
    let mut content = letter();
    content.facts.amounts = Some(amounts());
    let page = render_html(&composed(&content));
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"nb\">"));
    assert_eq!(page.matches("<h1>").count(), 1);
    assert!(page.contains("<th scope=\"col\">2021</th>"));
    assert!(page.contains("<th scope=\"row\">Jærbarnehagene</th>"));
    assert!(page.contains("@media print"));
    for outside in ["http:", "https:", "src=", "href=", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
}
