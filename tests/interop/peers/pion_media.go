// What the peer in pion_peer.go sends and receives.
package main

import (
	"errors"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc"
	"github.com/pion/webrtc/pkg/media/ivfreader"
	"github.com/pion/webrtc/pkg/media/samplebuilder"
)

const mtu = 1200

// How a kind of media is sent: a clip, over and over, a frame each interval.
type format struct {
	clip       string
	capability webrtc.RTPCodecCapability
	interval   time.Duration
	payloader  func() rtp.Payloader
}

var formats = map[string]format{
	"audio": {
		clip:       "tone.ivf",
		capability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2},
		interval:   20 * time.Millisecond,
		payloader:  func() rtp.Payloader { return &codecs.OpusPayloader{} },
	},
	"video": {
		clip:       "picture.ivf",
		capability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000},
		interval:   40 * time.Millisecond,
		payloader:  func() rtp.Payloader { return &codecs.VP8Payloader{EnablePictureID: true} },
	},
}

func readIVF(path string) ([][]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	reader, _, err := ivfreader.NewWith(file)
	if err != nil {
		return nil, err
	}
	var frames [][]byte
	for {
		frame, _, err := reader.ParseNextFrame()
		if errors.Is(err, io.EOF) {
			return frames, nil
		} else if err != nil {
			return nil, err
		}
		frames = append(frames, frame)
	}
}

// What has come and gone so far, of one kind.
type counts struct{ packetsReceived, packetsSent, framesReceived atomic.Int64 }

func (c *counts) members() members {
	return members{"packetsReceived": c.packetsReceived.Load(), "packetsSent": c.packetsSent.Load(),
		"framesReceived": c.framesReceived.Load()}
}

// A clip that is sent on a track.
type source struct {
	format
	track   *webrtc.TrackLocalStaticRTP
	frames  [][]byte
	restart atomic.Bool // Its first frame is a key frame.
	sent    *counts
}

// From when `connected` is closed on.
func (s *source) play(connected <-chan struct{}) {
	<-connected
	packetizer := rtp.NewPacketizer(mtu, 0, 0, s.payloader(), rtp.NewRandomSequencer(), s.capability.ClockRate)
	ticks := uint32(s.interval.Seconds() * float64(s.capability.ClockRate))
	ticker := time.NewTicker(s.interval)
	for at := 0; ; at = (at + 1) % len(s.frames) {
		<-ticker.C
		if s.restart.Swap(false) {
			at = 0
		}
		for _, packet := range packetizer.Packetize(s.frames[at], ticks) {
			if s.track.WriteRTP(packet) != nil {
				return // It is closed.
			}
			s.sent.packetsSent.Add(1)
		}
	}
}

// Pion sees the other side's feedback, requests to send again among it, only while somebody reads.
func (s *source) readFeedback(sender *webrtc.RTPSender) {
	for {
		packets, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			switch packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				s.restart.Store(true)
			}
		}
	}
}

// Counts packets and whole frames until the track ends.
func receive(track *webrtc.TrackRemote, received *counts) {
	var pictures *samplebuilder.SampleBuilder // Nil for sound, of which each packet is a frame.
	if track.Kind() == webrtc.RTPCodecTypeVideo {
		pictures = samplebuilder.New(256, &codecs.VP8Packet{}, track.Codec().ClockRate)
	}
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		received.packetsReceived.Add(1)
		if pictures == nil {
			received.framesReceived.Add(1)
			continue
		}
		for pictures.Push(packet); pictures.Pop() != nil; {
			received.framesReceived.Add(1)
		}
	}
}
