//! Sockets to listen on.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

use anyhow::{Context, Result, anyhow};

/// Takes an address, before anything else is begun.
///
/// `variable` is how to choose another one.
pub(crate) fn bind(address: &str, variable: &str) -> Result<TcpListener> {
    TcpListener::bind(address).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "The address {address} is taken by another program. Stop that one, or choose another port, such as \
             {variable}=127.0.0.1:8081."
        ),
        ErrorKind::PermissionDenied => anyhow!(
            "The address {address} may not be used by this user. Choose a port from 1024 on, such as \
             {variable}=127.0.0.1:8080."
        ),
        _ => anyhow!("The address {address} can not be used ({error}). Choose one of this machine with {variable}."),
    })
}

/// The address at which the listener is reached from this machine, such as `http://127.0.0.1:8080`.
pub(crate) fn local_url(listener: &TcpListener) -> Result<String> {
    let address = listener.local_addr().context("failed to learn the address of the listener")?;
    Ok(format!("http://{}", reachable(address)))
}

/// Nobody can connect to 0.0.0.0; who listens there is reached on the loopback.
pub(crate) fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port())
    } else {
        address
    }
}
