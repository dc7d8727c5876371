//! Lists by the page: keyset paging over ids.
//!
//! Ids are UUIDs of version 7, so their order is total and follows age: no row is lost or doubled while others insert.

use uuid::Uuid;

/// In which order a list comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PageOrder {
    /// The oldest first.
    #[default]
    Oldest,
    /// The newest first.
    Newest,
}

/// Which stretch of a list to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The last id of the page before; none for the first page.
    pub after: Option<Uuid>,
    /// Items at most; the caller keeps it to 200 or fewer.
    pub limit: u32,
    /// The order.
    pub order: PageOrder,
}

impl PageRequest {
    /// The first page, oldest first.
    pub fn first(limit: u32) -> Self {
        Self { after: None, limit, order: PageOrder::Oldest }
    }

    /// Rows to read: one more than asked for tells whether there is another page.
    pub(crate) fn rows(self) -> i64 {
        i64::from(self.limit) + 1
    }
}

/// A stretch of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page goes on, if there is one: the `after` of its request.
    pub next: Option<Uuid>,
}

impl<T> Page<T> {
    /// Makes a page of [`PageRequest::rows`] items.
    pub(crate) fn cut(mut items: Vec<T>, request: PageRequest, id_of: impl Fn(&T) -> Uuid) -> Self {
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(id_of) } else { None };
        Self { items, next }
    }
}
