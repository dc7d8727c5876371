//! Stretches of lists that are put together here, and not by the database.

use tildel_storage::{Page, PageOrder, PageRequest};
use uuid::Uuid;

/// The page of a list that is asked for; `place` is where an item stands, by which the list is ordered.
pub(crate) fn page<T>(mut items: Vec<T>, place: impl Fn(&T) -> Uuid, request: &PageRequest) -> Page<T> {
    items.sort_by_key(&place);
    if request.order == PageOrder::Newest {
        items.reverse();
    }
    items.retain(|item| {
        request.after.is_none_or(|after| match request.order {
            PageOrder::Oldest => place(item) > after,
            PageOrder::Newest => place(item) < after,
        })
    });
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(place);
    Page { items, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_in_both_orders() {
        let place = |item: &u128| Uuid::from_u128(*item);
        for (order, expected) in [(PageOrder::Oldest, [1, 2, 3, 4, 5]), (PageOrder::Newest, [5, 4, 3, 2, 1])]
        {
            let (mut after, mut seen) = (None, Vec::new());
            loop {
                let found = page(vec![3, 1, 5, 2, 4], place, &PageRequest { after, limit: 2, order });
                assert!(found.items.len() <= 2);
                seen.extend(found.items);
                after = found.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(seen, expected);
        }
    }
}
