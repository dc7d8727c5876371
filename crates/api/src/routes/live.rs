//! Live meetings: server-sent events for those who follow.
//!
//! A stream is fed by a task of its own, which ends at its time whether or not the follower still reads: a follower that stands
//! still holds no place.

use std::time::Duration;

use actix_web::http::header::HeaderName;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get, rt};
use futures_util::stream;
use tildel_usecases::domain::id::MeetingId;
use tildel_usecases::live::{self, LiveEvent};
use tokio::sync::mpsc::{self, Sender};
use tokio::time::{Instant, sleep, timeout_at};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::call::{Call, Id, Reply};
use crate::limits::StreamPlace;
use crate::middleware::caller_of;
use crate::problem::{ApiCode, Problem};
use crate::server::api_of;

static LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// An event of a stream: its three fields, as a reader of event streams gives them.
#[derive(ToSchema)]
#[expect(dead_code, reason = "events are written as text; this describes them in the document")]
pub struct MeetingEvent {
    /// What to give as `Last-Event-ID` to go on after it.
    id: String,
    /// What kind: `meeting`, `item`, `agreement`, `ballot`, `turnout` or `minutes`.
    event: String,
    /// What happened, as a JSON object with `at` and what the kind has: `state`, `agendaItemId`, `ballotId`, `outcome`,
    /// `votesCast` or `number`.
    data: String,
}

/// A stream as it goes on.
struct Following {
    call: Call,
    meeting_id: MeetingId,
    last: Option<String>,
    /// The place in the journal up to which it was looked for events.
    seen_until: i64,
    pause: Duration,
    end: Instant,
    _place: StreamPlace,
}

/// Follow a meeting.
///
/// Server-sent events of the item that is being treated, the states of ballots, and turnout where the caller may see it. With
/// `Last-Event-ID` the stream goes on after that event. It ends after a while; clients connect again by themselves. A caller
/// may have few streams open at a time.
#[utoipa::path(operation_id = "meetingStream", tag = "Meetings",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was received.")),
    responses((status = 200, description = "The events.", body = MeetingEvent, content_type = "text/event-stream")))]
#[get("/v1/meetings/{id}/stream")]
async fn follow(call: Call, id: Id<MeetingId>, request: HttpRequest) -> Reply {
    let api = api_of(&request);
    let settings = &api.settings;
    let Some(place) = api.streams.open(caller_of(&request)) else {
        let seconds = settings.stream_duration.as_secs().max(1);
        return Err(Problem::new(ApiCode::RateLimited)
            .with("seconds", seconds)
            .header("Retry-After", seconds));
    };
    let last = request.headers().get(&LAST_EVENT_ID).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut following = Following {
        call,
        meeting_id: id.0,
        last,
        seen_until: -1,
        pause: settings.stream_pause,
        end: Instant::now() + settings.stream_duration,
        _place: place,
    };
    // The first reading answers in the ordinary way where there is no such meeting.
    let first = following.read().await?.unwrap_or_default();
    let (sender, receiver) = mpsc::channel(1);
    let first = Bytes::from(format!("retry: {}\n\n{first}", following.pause.as_millis()));
    // The channel is empty, so the piece fits.
    let _ = sender.try_send(first);
    rt::spawn(async move { timeout_at(following.end, following.feed(sender)).await });
    let pieces = stream::unfold(receiver, |mut receiver| async {
        let piece = receiver.recv().await?;
        Some((Ok::<_, Problem>(piece), receiver))
    });
    Ok(HttpResponse::Ok().content_type("text/event-stream").streaming(pieces))
}

impl Following {
    /// Looks for what is new again and again, until the follower has gone or may no longer read.
    async fn feed(mut self, sender: Sender<Bytes>) {
        loop {
            sleep(self.pause).await;
            let Ok(text) = self.read().await else { return };
            if let Some(text) = text
                && sender.send(Bytes::from(text)).await.is_err()
            {
                return;
            }
            if sender.is_closed() {
                return;
            }
        }
    }

    /// The events since the last one, as text; none where nothing has happened anywhere.
    async fn read(&mut self) -> Result<Option<String>, Problem> {
        let (call, id, last, seen_until) =
            (self.call.clone(), self.meeting_id, self.last.clone(), self.seen_until);
        let news = call.fetch(move |cx, _| live::events_since(cx, id, last.as_deref(), seen_until)).await?;
        let Some((seen_until, events)) = news else { return Ok(None) };
        self.seen_until = seen_until;
        if let Some(event) = events.last() {
            self.last = Some(event.id.clone());
        }
        let text =
            |event: LiveEvent| format!("id: {}\nevent: {}\ndata: {}\n\n", event.id, event.kind, event.data);
        let text: String = events.into_iter().map(text).collect();
        Ok((!text.is_empty()).then_some(text))
    }
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(follow);
}
