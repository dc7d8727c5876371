//! One test body, two tests.

use tildel_storage::Backend;

use crate::TestStore;

/// Turns each test body into two tests, `name::sqlite` and `name::postgres`.
///
/// Bodies may be `fn` or `async fn` and may return nothing or a `Result`. Attributes such as `#[ignore]` are not
/// accepted: a test that does not run on one of the databases is no test of both.
#[macro_export]
macro_rules! both_backends {
    () => {};
    ($(#[doc = $doc:literal])* async fn $name:ident($store:ident: $ty:ty) $(-> $result:ty)? $body:block $($rest:tt)*) => {
        $(#[doc = $doc])*
        async fn $name($store: $ty) $(-> $result)? $body
        mod $name {
            #[test]
            fn sqlite() -> impl ::std::process::Termination {
                $crate::block_on(super::$name($crate::start($crate::Backend::Sqlite)))
            }
            #[test]
            fn postgres() -> impl ::std::process::Termination {
                $crate::block_on(super::$name($crate::start($crate::Backend::Postgres)))
            }
        }
        $crate::both_backends! { $($rest)* }
    };
    ($(#[doc = $doc:literal])* fn $name:ident($store:ident: $ty:ty) $(-> $result:ty)? $body:block $($rest:tt)*) => {
        $(#[doc = $doc])*
        fn $name($store: $ty) $(-> $result)? $body
        mod $name {
            #[test]
            fn sqlite() -> impl ::std::process::Termination {
                super::$name($crate::start($crate::Backend::Sqlite))
            }
            #[test]
            fn postgres() -> impl ::std::process::Termination {
                super::$name($crate::start($crate::Backend::Postgres))
            }
        }
        $crate::both_backends! { $($rest)* }
    };
}

/// The store a test of [`both_backends!`](crate::both_backends) begins with.
///
/// # Panics
/// When there is no database to test on; the message says what to do.
#[doc(hidden)]
#[must_use]
pub fn start(backend: Backend) -> TestStore {
    match TestStore::open(backend) {
        Ok(store) => store,
        Err(error) => panic!("{error:#}"),
    }
}

/// Runs the future of an `async` test to its end.
///
/// # Panics
/// When the operating system refuses the threads.
#[doc(hidden)]
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime.block_on(future),
        Err(error) => panic!("failed to start the runtime of an async test: {error}"),
    }
}
