//! Live meetings: server-sent events for those who follow.

use std::time::Duration;

use actix_web::http::header::HeaderName;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get};
use futures_util::stream;
use tildel_usecases::domain::id::MeetingId;
use tildel_usecases::live::{self, LiveEvent};
use tokio::time::{Instant, sleep};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::call::{Call, Id, Reply};
use crate::problem::Problem;
use crate::server::api_of;

static LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Where a stream is.
struct Following {
    call: Call,
    meeting_id: MeetingId,
    last: Option<String>,
    waiting: Vec<LiveEvent>,
    pause: Duration,
    end: Instant,
    is_new: bool,
}

/// Follow a meeting.
///
/// Server-sent events of the item that is being treated, the states of ballots, and turnout where the caller may see it. With
/// `Last-Event-ID` the stream goes on after that event. It ends after a while; clients connect again by themselves.
#[utoipa::path(operation_id = "meetingStream", tag = "Meetings",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was received.")),
    responses((status = 200, description = "The events.", body = String, content_type = "text/event-stream")))]
#[get("/v1/meetings/{id}/stream")]
async fn follow(call: Call, id: Id<MeetingId>, request: HttpRequest) -> Reply {
    let settings = &api_of(&request).settings;
    let last = request.headers().get(&LAST_EVENT_ID).and_then(|value| value.to_str().ok()).map(str::to_owned);
    // The first reading answers in the ordinary way where there is no such meeting.
    let waiting = events(call.clone(), id.0, last.clone()).await?;
    let following = Following {
        call,
        meeting_id: id.0,
        last,
        waiting,
        pause: settings.stream_pause,
        end: Instant::now() + settings.stream_duration,
        is_new: true,
    };
    let body = stream::unfold(following, |following| async { following.next().await });
    Ok(HttpResponse::Ok().content_type("text/event-stream").streaming(body))
}

async fn events(call: Call, id: MeetingId, last: Option<String>) -> Result<Vec<LiveEvent>, Problem> {
    call.fetch(move |cx, _| live::events(cx, id, last.as_deref())).await
}

impl Following {
    /// The next piece of the stream; none at its end, which is also where the caller may no longer read.
    async fn next(mut self) -> Option<(Result<Bytes, Problem>, Self)> {
        if self.is_new {
            self.is_new = false;
            let text = self.take();
            return Some((Ok(Bytes::from(format!("retry: {}\n\n{text}", self.pause.as_millis()))), self));
        }
        while Instant::now() < self.end {
            sleep(self.pause).await;
            self.waiting = events(self.call.clone(), self.meeting_id, self.last.clone()).await.ok()?;
            if !self.waiting.is_empty() {
                let text = self.take();
                return Some((Ok(Bytes::from(text)), self));
            }
        }
        None
    }

    fn take(&mut self) -> String {
        let events = std::mem::take(&mut self.waiting);
        if let Some(event) = events.last() {
            self.last = Some(event.id.clone());
        }
        let text =
            |event: LiveEvent| format!("id: {}\nevent: {}\ndata: {}\n\n", event.id, event.kind, event.data);
        events.into_iter().map(text).collect()
    }
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(follow);
}
