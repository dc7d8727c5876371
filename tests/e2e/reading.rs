//! What a reading of a register gives: differences of kindergartens, as a fetch hands them over.

use tildel_domain::Actor;
use tildel_domain::allocation::{Headcount, Quantity, UnitKind};
use tildel_domain::id::FetchId;
use tildel_domain::register::{Difference, RegisterKey, RegisterUnit};
use tildel_tests::World;
use tildel_usecases::{Write, changes};
use uuid::Uuid;

/// A kindergarten with so many employees, right below its owner.
pub(crate) fn kindergarten(number: &str, owner: &str, employees: u32) -> RegisterUnit {
    RegisterUnit {
        number: number.to_owned(),
        is_sub_unit: true,
        name: format!("Barnehage {number}"),
        form: Some("BEDR".to_owned()),
        parent: Some(owner.to_owned()),
        owner: None,
        municipality_number: Some("1120".to_owned()),
        unit_kind: Some(UnitKind::Kindergarten),
        ownership: None,
        headcount: Headcount::Known(Quantity::from_whole(employees)),
        headcount_on: None,
        ended_on: None,
    }
}

/// A difference that the kindergarten register tells since noon of a day.
pub(crate) fn differs(day: &str, before: Option<RegisterUnit>, after: Option<RegisterUnit>) -> Difference {
    let since = format!("{day}T11:00:00Z").parse().expect("an instant");
    Difference { register: RegisterKey::Nbr, since, before, after }
}

/// A kindergarten whose employees are others than before.
pub(crate) fn recounted(day: &str, number: &str, owner: &str, (from, to): (u32, u32)) -> Difference {
    differs(day, Some(kindergarten(number, owner, from)), Some(kindergarten(number, owner, to)))
}

/// Notices differences, as the fetch does.
pub(crate) async fn notice(world: &World, differences: Vec<Difference>) {
    let fetch = FetchId::from(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0001));
    let noticed = world
        .service()
        .write(Write::internal(Actor::SYSTEM), move |cx| changes::notice(cx, fetch, &differences, &[]))
        .await;
    noticed.expect("the differences are noticed");
}

/// Computes what a change would do, as the worker does; nothing else is done.
pub(crate) async fn assess(world: &World, change: &str) {
    let id: Uuid = change.parse().expect("an id");
    let assessed =
        world.service().write(Write::internal(Actor::SYSTEM), move |cx| changes::assess(cx, id.into())).await;
    assert!(assessed.expect("it is computed"), "it waits for nobody");
}
