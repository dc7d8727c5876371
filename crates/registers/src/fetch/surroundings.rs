//! Time, waiting and chance, handed in.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;

/// What a fetcher takes from its surroundings. Tests have a clock that only waiting moves.
pub trait Surroundings: Send + Sync {
    /// The time.
    fn now(&self) -> Timestamp;
    /// Waits.
    fn wait(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
    /// A number, each as likely as the other.
    fn random(&self) -> u64;
}

/// The clock and the chance of the application, and tokio's waiting.
pub struct SystemSurroundings<Now, Random> {
    now: Now,
    random: Random,
}

impl<Now: Fn() -> Timestamp, Random: Fn() -> u64> SystemSurroundings<Now, Random> {
    /// With the application's clock and randomness.
    pub fn new(now: Now, random: Random) -> Self {
        Self { now, random }
    }
}

impl<Now, Random> Surroundings for SystemSurroundings<Now, Random>
where
    Now: Fn() -> Timestamp + Send + Sync,
    Random: Fn() -> u64 + Send + Sync,
{
    fn now(&self) -> Timestamp {
        (self.now)()
    }

    fn wait(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(time))
    }

    fn random(&self) -> u64 {
        (self.random)()
    }
}
