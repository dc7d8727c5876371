//! The stub's server, asked by address.

pub(crate) use tildel_register_stub::server::{Asked, Reply};

/// A running server. It ends with the process.
pub(crate) struct Server {
    pub(crate) base: url::Url,
    running: tildel_register_stub::server::Server,
}

impl Server {
    /// Starts; `answer` gets each request and how many came before it.
    pub(crate) fn start(answer: impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static) -> Self {
        let running = tildel_register_stub::server::Server::start(answer).unwrap();
        Self { base: format!("http://{}/", running.address()).parse().unwrap(), running }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.running.asked()
    }

    pub(crate) fn url(&self, path: &str) -> url::Url {
        self.base.join(path).unwrap()
    }
}
