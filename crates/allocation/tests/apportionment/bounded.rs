//! Bounds, by hand.

use tildel_allocation::apportionment::{ApportionError, Claim, Method, Tie, apportion};

use crate::support::claims;

/// Claims of (weight, lower, upper), the list being the tie order.
fn within(rows: &[(u128, u64, Option<u64>)]) -> Vec<Claim> {
    (0..).zip(rows).map(|(rank, &(weight, lower, upper))| Claim { weight, lower, upper, rank }).collect()
}

fn parts(total: i64, rows: &[(u128, u64, Option<u64>)], method: Method) -> Vec<i64> {
    apportion(total, &within(rows), method).unwrap().parts
}

#[test]
fn a_cap_gives_the_surplus_to_the_others() {
    // Without a cap: 60, 30, 10. Capped at 40, the other two share 60 as 3 to 1: 45 and 15.
    for method in Method::ALL {
        assert_eq!(
            parts(100, &[(6, 0, Some(40)), (3, 0, None), (1, 0, None)], method),
            [40, 45, 15],
            "{method}"
        );
    }
}

#[test]
fn a_floor_is_paid_by_the_others() {
    // Without a floor: 60, 30, 10. With 19 for the last, the others share 81 as 2 to 1: 54 and 27.
    for method in Method::ALL {
        assert_eq!(
            parts(100, &[(6, 0, None), (3, 0, None), (1, 19, None)], method),
            [54, 27, 19],
            "{method}"
        );
    }
}

#[test]
fn floor_and_cap_together_move_the_level() {
    // 4, 3, 2, 1 of 100 with 30 at most for the first and 15 at least for the last: 55 left as 3 to 2 is 33 and 22.
    let rows = [(4, 0, Some(30)), (3, 0, None), (2, 0, None), (1, 15, None)];
    for method in Method::ALL {
        assert_eq!(parts(100, &rows, method), [30, 33, 22, 15], "{method}");
        assert_eq!(parts(-100, &rows, method), [-30, -33, -22, -15], "{method}");
    }
}

#[test]
fn bounds_that_are_met_exactly() {
    for method in Method::ALL {
        assert_eq!(parts(5, &[(9, 1, None), (1, 4, None)], method), [1, 4], "{method}");
        assert_eq!(parts(5, &[(9, 0, Some(1)), (1, 0, Some(4))], method), [1, 4], "{method}");
        assert_eq!(parts(3, &[(9, 0, Some(0)), (1, 3, Some(3))], method), [0, 3], "{method}");
    }
}

#[test]
fn one_without_weight_gets_what_nobody_else_may_have() {
    for method in Method::ALL {
        assert_eq!(parts(10, &[(1, 0, Some(4)), (0, 0, None)], method), [4, 6], "{method}");
        assert_eq!(parts(10, &[(1, 0, None), (0, 3, None)], method), [7, 3], "{method}");
        assert_eq!(parts(10, &[(1, 0, Some(12)), (0, 0, None)], method), [10, 0], "{method}");
    }
    // Seven left for two without weight, who weigh the same: 3.5 each.
    let claims = within(&[(5, 0, Some(3)), (0, 0, None), (0, 0, None)]);
    let split = apportion(10, &claims, Method::LargestRemainder).unwrap();
    assert_eq!(split.parts, [3, 4, 3]);
    assert_eq!(split.ties, [Tie { claims: vec![1, 2], units: 1 }]);
}

#[test]
fn the_free_first_unit_goes_to_the_heaviest() {
    for method in [Method::Adams, Method::HuntingtonHill, Method::Dean] {
        // The second has its unit already, so the two others get one each before anybody gets a second.
        assert_eq!(parts(3, &[(1, 0, None), (9, 1, None), (2, 0, None)], method), [1, 1, 1], "{method}");
        assert_eq!(parts(2, &[(1, 0, None), (9, 0, None), (2, 0, None)], method), [0, 1, 1], "{method}");
        assert_eq!(parts(2, &[(1, 0, None), (9, 0, Some(0)), (2, 0, None)], method), [1, 0, 1], "{method}");
    }
}

#[test]
fn bounds_without_room_are_refused() {
    let crossed = within(&[(1, 0, None), (1, 3, Some(2))]);
    let above = within(&[(1, 3, None), (1, 3, None)]);
    let below = within(&[(1, 0, Some(2)), (1, 0, Some(2))]);
    for method in Method::ALL {
        assert_eq!(
            apportion(9, &crossed, method),
            Err(ApportionError::BoundsCrossed { claim: 1, lower: 3, upper: 2 })
        );
        for total in [5, -5] {
            assert_eq!(
                apportion(total, &above, method),
                Err(ApportionError::BoundsDoNotMeetTotal { total: 5, least: 6, most: None })
            );
            assert_eq!(
                apportion(total, &below, method),
                Err(ApportionError::BoundsDoNotMeetTotal { total: 5, least: 0, most: Some(4) })
            );
        }
    }
    // Each refusal says what to do.
    let refusal = apportion(5, &below, Method::Adams).unwrap_err().to_string();
    assert_eq!(
        refusal,
        "5 units cannot be split: the lower bounds come to 0 and the upper bounds to 4; change the bounds or the total"
    );
}

#[test]
fn bounds_far_beyond_the_total_change_nothing() {
    let free = claims(&[412, 87, 133]);
    let wide: Vec<Claim> = free.iter().map(|claim| Claim { upper: Some(u64::MAX), ..*claim }).collect();
    for method in Method::ALL {
        assert_eq!(apportion(i64::MAX, &wide, method), apportion(i64::MAX, &free, method), "{method}");
    }
}
