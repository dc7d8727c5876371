//! From a project's id to its index.

use crate::budget::Project;

/// A table of ids with open addressing; it is asked once for every project of every vote.
pub(super) struct Ids<'a> {
    projects: &'a [Project],
    /// The beginning of the id as a number, and its index + 1; 0 marks a free slot.
    slots: Vec<(u64, u32)>,
}

impl<'a> Ids<'a> {
    pub(super) fn new(projects: &'a [Project]) -> Self {
        let mut ids =
            Self { projects, slots: vec![(0, 0); (projects.len() * 4).next_power_of_two().max(16)] };
        for (number, project) in (1..).zip(projects) {
            let (key, mut slot) = ids.start(project.id.as_bytes());
            while ids.slots[slot].1 != 0 {
                slot = (slot + 1) & (ids.slots.len() - 1);
            }
            ids.slots[slot] = (key, number);
        }
        ids
    }

    pub(super) fn find(&self, id: &[u8]) -> Option<u32> {
        let (key, mut slot) = self.start(id);
        loop {
            let (known, number) = self.slots[slot];
            let index = number.checked_sub(1)?;
            // Up to 7 bytes the key says all.
            if known == key && (id.len() < 8 || self.projects[index as usize].id.as_bytes() == id) {
                return Some(index);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// The key and the first slot of an id.
    fn start(&self, id: &[u8]) -> (u64, usize) {
        let key = if id.len() < 8 {
            id.iter().fold(id.len() as u64, |key, &byte| (key << 8) | u64::from(byte))
        } else {
            // The length of a short id is in its top byte at most 7, that of a long one is marked.
            id.iter().fold(u64::MAX, |key, &byte| (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
                | 1 << 63
        };
        let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        (key, usize::try_from(mixed).unwrap_or_default() & (self.slots.len() - 1))
    }
}
