#pragma once

#include <map>
#include <optional>
#include <string>

#include "peer/peer_connection.h"
#include "player.h"
#include "recorder.h"

namespace native_call {

// What to send, and where to write what comes.
struct Files {
  std::optional<MediaFile> picture = {};
  std::optional<MediaFile> sound = {};
  std::string save_to = {};  // A folder; empty: nothing is saved.
};

// Which source of a participant each media section shows: {"0": "camera"}.
using Sources = std::map<std::string, std::string>;

// The sound and picture of one call: files in the place of a camera, a microphone, and a screen.
class FileMedia {
 public:
  // For the connection: our files hold VP8, and so do those that we write. Nothing else is offered,
  // or taken.
  static parley::peer::MediaConfig config();

  // `files` and `connection` outlive it. `from` names who we talk to.
  FileMedia(const Files& files, parley::peer::PeerConnection& connection, const std::string& from);

  // Both tracks, once; in sections of the peer's offer, if that is there already.
  void add_tracks(parley::Time now);
  Sources sources() const;  // Of our tracks, once a local description has been set.

  void start(parley::Time now);  // The way is free.
  void send_due_frames(parley::Time now);
  parley::Time next_deadline() const;
  void send_key_frame();

  // A frame of theirs.
  void save(parley::Time now, const parley::peer::IncomingFrame& frame, const Sources& theirs);

 private:
  struct Track {
    explicit Track(const MediaFile& file) : player(file) {}
    Player player;
    parley::peer::TransceiverId id = {};
  };

  void add(parley::Time now, parley::peer::MediaKind kind, std::optional<Track>& track);

  parley::peer::PeerConnection& connection_;
  bool added_ = false;
  bool saves_;
  std::optional<Track> picture_;
  std::optional<Track> sound_;
  Recorder recorder_;
};

}  // namespace native_call
