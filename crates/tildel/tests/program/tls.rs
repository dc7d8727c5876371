//! Registers over TLS, as they are in the world: a server with a certificate that the system trusts or does not.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tildel_register_stub::server::Server;
use tildel_register_stub::{Scene, Stub};

use crate::Setting;

/// Takes requests over TLS and hands them on in plain text; returns its address.
fn terminate(config: ServerConfig, behind: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let config = Arc::new(config);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            std::thread::spawn(move || forward(StreamOwned::new(connection, stream), behind));
        }
    });
    address
}

/// One request without a body and its answer, then the end. Whoever does not trust the certificate says nothing and goes.
fn forward(mut outside: StreamOwned<ServerConnection, TcpStream>, behind: SocketAddr) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        match outside.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap();
    let client = reqwest::blocking::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let answer = client.get(format!("http://{behind}{path}"));
    let answer = answer.header("Accept", "application/json").send().unwrap();
    let (status, body) = (answer.status().as_u16(), answer.bytes().unwrap());
    let headers =
        format!("Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close", body.len());
    write!(outside, "HTTP/1.1 {status} Told\r\n{headers}\r\n\r\n").unwrap();
    outside.write_all(&body).unwrap();
    outside.conn.send_close_notify();
    outside.flush().unwrap();
}

#[test]
fn a_source_is_read_over_tls_from_whom_the_system_trusts() {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).unwrap();

    let made: Timestamp = "2026-11-01T03:00:00Z".parse().unwrap();
    let stub = Stub::new(Scene::practice(made), || Timestamp::UNIX_EPOCH);
    let server = Server::start(move |asked, _| stub.answer(asked)).unwrap();
    let address = terminate(config, server.address());
    let setting = || {
        Setting::new()
            .with("TILDEL__DATABASE__URL", "sqlite:tildel.db")
            .with("TILDEL__SECRETS__JOURNAL_KEY", "0123456789abcdef0123456789abcdef")
            .with("TILDEL__SOURCES__KLASS_URL", format!("https://localhost:{}/klass/v1/", address.port()))
    };
    let fetch = ["sources", "fetch", "klass-counties"];

    // The same server, and a system that knows nothing of its certificate.
    let other = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let distrusting = setting();
    fs::write(distrusting.folder().join("other.pem"), other.cert.pem()).unwrap();
    let distrusting = distrusting.with("SSL_CERT_FILE", "other.pem");
    distrusting.run_well(&["migrate"]);
    let refused = distrusting.run(&fetch);
    let words = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{words}");
    assert!(words.contains("certificate"), "{words}");

    let trusting = setting();
    fs::write(trusting.folder().join("own.pem"), cert.pem()).unwrap();
    let trusting = trusting.with("SSL_CERT_FILE", "own.pem");
    trusting.run_well(&["migrate"]);
    let told = trusting.run_well(&fetch);
    assert!(told.contains("klass-counties: done"), "{told}");
}
