#pragma once

#include <cstdint>
#include <vector>

#include "mcu/node.h"
#include "meeting/media_requests.h"
#include "sfu/node.h"

// The meeting's words and those of the engines that carry media, from one to the other.
namespace parley::server {

sfu::Source to_sfu(meeting::PictureSource source);
sfu::Source to_sfu(meeting::Source source);
meeting::Source to_meeting(sfu::Source source);
meeting::PictureSource to_picture(sfu::Source source);
// `of_mix`: of a picture that this server composes, so that its sender is the server.
meeting::QualityLimit to_meeting(sfu::Limit limit, bool of_mix);
meeting::ConnectionChanged::State to_meeting(sfu::Node::State state);
std::vector<sfu::Source> permitted_by(const meeting::SetSending& sending);
sfu::Offer to_sfu(meeting::MediaOffer offer);
mcu::Looks to_looks(meeting::Describe person);
codec::PictureSize to_size(std::int64_t width, std::int64_t height);

}  // namespace parley::server
