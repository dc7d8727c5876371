//! Fills templates with facts. A fact that is absent is an error that names its placeholder; a fact's text is never read as
//! markup, because emphasis is marked with characters that facts cannot hold.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use tildel_domain::letter_content::Term;

use crate::compose::ComposeError;
use crate::document::{Span, Style};
use crate::language::Words;

/// Private-use characters around emphasised text; [`clean`] removes them from facts.
const EMPHASIS: char = '\u{e000}';
const STRONG: char = '\u{e001}';
const END: char = '\u{e002}';

/// Templates of one letter, with its language and terms.
pub(crate) struct Filler {
    environment: Environment<'static>,
}

impl Filler {
    pub(crate) fn new(words: Words, terms: BTreeMap<String, Term>) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_debug(true);
        environment.set_formatter(|out, state, value| {
            if value.is_none() {
                return Err(Error::from(ErrorKind::UndefinedError));
            }
            minijinja::escape_formatter(out, state, value)
        });
        add_filters(&mut environment, Arc::new(words), Arc::new(terms));
        Self { environment }
    }

    /// The template as plain text.
    pub(crate) fn text(&self, template: &str, facts: &Value) -> Result<String, ComposeError> {
        Ok(self.spans(template, facts)?.into_iter().map(|span| span.text).collect())
    }

    /// The template as text in spans of one style each.
    pub(crate) fn spans(&self, template: &str, facts: &Value) -> Result<Vec<Span>, ComposeError> {
        let text = self.environment.render_str(template, facts).map_err(|error| refusal(template, &error))?;
        Ok(cut(text.trim()))
    }

    /// Whether the condition holds.
    pub(crate) fn holds(&self, condition: &str, facts: &Value) -> Result<bool, ComposeError> {
        let value =
            self.environment.compile_expression(condition).and_then(|expression| expression.eval(facts));
        match value {
            Ok(value) if !value.is_undefined() => Ok(value.is_true()),
            Ok(_) => Err(ComposeError::MissingFact { placeholder: condition.to_owned() }),
            Err(error) => Err(refusal(condition, &error)),
        }
    }
}

/// Removes what a fact must not hold: control characters, changes of text direction, and the marks of emphasis.
pub(crate) fn clean(text: &str) -> String {
    let forbidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | EMPHASIS | STRONG | END)
    };
    text.chars()
        .map(|c| if c.is_whitespace() && c != '\u{a0}' { ' ' } else { c })
        .filter(|c| !forbidden(*c))
        .collect()
}

fn add_filters(
    environment: &mut Environment<'static>,
    words: Arc<Words>,
    terms: Arc<BTreeMap<String, Term>>,
) {
    let for_listed = Arc::clone(&words);
    environment.add_filter("listed", move |items: &Value| Ok::<_, Error>(for_listed.list(&strings(items)?)));
    let for_dates = Arc::clone(&words);
    environment.add_filter("dates", move |items: &Value| {
        let dates: Result<Vec<Date>, _> = strings(items)?.iter().map(|text| text.parse()).collect();
        let dates = dates.map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))?;
        Ok::<_, Error>(for_dates.dates(&dates))
    });
    let for_words = Arc::clone(&words);
    environment.add_filter("words", move |number: u32| for_words.number(number));
    environment.add_filter("counted", move |value: &Value, term: Option<String>| {
        if let Some(key) = term {
            return count(&words, &terms, &key, u32::try_from(present(value.clone())?)?);
        }
        let each = value.try_iter()?.map(|item| {
            let key = present(item.get_attr("kind")?)?.to_string();
            count(&words, &terms, &key, u32::try_from(present(item.get_attr("count")?)?)?)
        });
        Ok(words.list(&each.collect::<Result<Vec<_>, Error>>()?))
    });
    environment.add_filter("sentence", |text: &str| {
        let mut rest = text.chars();
        rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
    });
    environment.add_filter("em", |text: &str| format!("{EMPHASIS}{text}{END}"));
    environment.add_filter("strong", |text: &str| format!("{STRONG}{text}{END}"));
}

fn count(words: &Words, terms: &BTreeMap<String, Term>, key: &str, number: u32) -> Result<String, Error> {
    let term = terms
        .get(key)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("the texts have no term {key:?}")))?;
    Ok(if number == 1 { term.one.clone() } else { format!("{} {}", words.number(number), term.many) })
}

fn strings(items: &Value) -> Result<Vec<String>, Error> {
    if !matches!(items.kind(), ValueKind::Seq | ValueKind::Iterable) || items.len() == Some(0) {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    items.try_iter()?.map(|item| Ok(present(item)?.to_string())).collect()
}

fn present(value: Value) -> Result<Value, Error> {
    if value.is_undefined() || value.is_none() {
        Err(Error::from(ErrorKind::UndefinedError))
    } else {
        Ok(value)
    }
}

/// Names the placeholder where a fact is absent; anything else is a defect of the template.
fn refusal(template: &str, error: &Error) -> ComposeError {
    let place = error.range().map_or(template, |range| placeholder(template, range));
    let place = place.split_whitespace().collect::<Vec<_>>().join(" ");
    if error.kind() == ErrorKind::UndefinedError {
        return ComposeError::MissingFact { placeholder: place };
    }
    let reason = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    ComposeError::Template { place, reason }
}

/// What stands between the braces around `range`: the engine points at a filter alone where its input is absent.
fn placeholder(template: &str, range: Range<usize>) -> &str {
    let (Some(before), Some(after)) = (template.get(..range.start), template.get(range.end..)) else {
        return template;
    };
    let start = before.rfind("{{").max(before.rfind("{%")).map_or(0, |brace| brace + 2);
    let ends = [after.find("}}"), after.find("%}")];
    let end = ends.into_iter().flatten().min().map_or(template.len(), |brace| range.end + brace);
    &template[start..end]
}

/// Cuts a filled template at its marks of emphasis.
fn cut(text: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut style = Style::Plain;
    let mut start = 0;
    let mut push = |text: &str, style: Style| {
        if !text.is_empty() {
            spans.push(Span { text: text.to_owned(), style });
        }
    };
    for (index, mark) in text.match_indices([EMPHASIS, STRONG, END]) {
        push(&text[start..index], style);
        start = index + mark.len();
        style = match mark.chars().next() {
            Some(EMPHASIS) => Style::Emphasis,
            Some(STRONG) => Style::Strong,
            _ => Style::Plain,
        };
    }
    push(&text[start..], style);
    spans
}

#[cfg(test)]
mod tests {
    use minijinja::context;
    use tildel_domain::text::Language;

    use super::*;

    fn filler() -> Filler {
        let term = Term { one: "en kommune".into(), many: "kommuner".into() };
        Filler::new(Words::load(Language::Nb).unwrap(), BTreeMap::from([("municipality".into(), term)]))
    }

    #[test]
    fn emphasis_is_cut_out_and_facts_cannot_forge_it() {
        let name = clean("a\u{e001}b\u{e002}\u{202e}\u{0}*c*");
        let spans = filler().spans("x {{ name | em }} y", &context!(name)).unwrap();
        let expected = [("x ", Style::Plain), ("ab*c*", Style::Emphasis), (" y", Style::Plain)]
            .map(|(text, style)| Span { text: text.into(), style });
        assert_eq!(spans, expected);
    }

    #[test]
    fn counts_take_their_noun() {
        let counts = |count: u32| context!(all => vec![context!(kind => "municipality", count)], count);
        let text = |template: &str, count: u32| filler().text(template, &counts(count)).unwrap();
        assert_eq!(text("{{ all | counted }}", 1), "en kommune");
        assert_eq!(text("{{ count | counted('municipality') | sentence }}", 2), "To kommuner");
        assert_eq!(text("{{ count | counted('municipality') }}", 0), "ingen kommuner");
        assert_eq!(text("{{ all | counted }}", 10), "10 kommuner");
    }

    #[test]
    fn an_absent_fact_names_its_placeholder() {
        let facts = context!(greeting => (), people => Vec::<String>::new(), group => context!(year => 2021));
        for (template, placeholder) in [
            ("a {{ nobody }} b", "nobody"),
            ("a {{ greeting }} b", "greeting"),
            ("a {{ group.label }} b", "group.label"),
            ("{% if nobody %}x{% endif %}", "if nobody"),
            ("{% for p in [group] %}{{ p.label }}{% endfor %}", "p.label"),
            ("{{ people | listed }}", "people | listed"),
        ] {
            match filler().text(template, &facts) {
                Err(ComposeError::MissingFact { placeholder: found }) => {
                    assert_eq!(found, placeholder, "{template}");
                }
                other => panic!("{template}: {other:?}"),
            }
        }
        assert_eq!(filler().text("{{ group.year }}", &facts).unwrap(), "2021");
    }

    #[test]
    fn a_condition_on_an_unknown_fact_is_an_error() {
        let facts = context!(amounts => ());
        assert!(filler().holds("not amounts", &facts).unwrap());
        assert!(!filler().holds("amounts", &facts).unwrap());
        assert!(matches!(filler().holds("amuonts", &facts), Err(ComposeError::MissingFact { .. })));
        assert!(matches!(filler().holds("not amuonts", &facts), Err(ComposeError::MissingFact { .. })));
        assert!(matches!(filler().holds("amounts and", &facts), Err(ComposeError::Template { .. })));
    }
}
