// Pion as a peer that speaks the lines of README.md, so that a test can put it together with any
// other. Its ICE, DTLS, SRTP and SCTP are its own, in Go, and shared with no other peer here.
//
// Debian: golang-go and golang-github-pion-webrtc.v3-dev, which lies in GOPATH without the v3 of its
// module's name. ../lib/peer.mjs builds it of this file and pion_media.go. Its argument is the folder
// of picture.ivf and tone.ivf.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/pion/ice/v2"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/webrtc"
)

type members map[string]any

var output sync.Mutex // Pion calls from goroutines of its own.

func tell(event string, more members) {
	line := members{"event": event}
	for name, value := range more {
		line[name] = value
	}
	output.Lock()
	defer output.Unlock()
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		os.Exit(1) // Nobody listens any more.
	}
}

// What a command has is set; what it does not have is nil or zero.
type command struct {
	Command           string
	Kind              string
	Label             string
	Protocol          *string
	Ordered           *bool
	MaxRetransmits    *uint16
	MaxPacketLifeTime *uint16
	Negotiated        *bool
	ID                *uint16
	IceRestart        bool
	Type              string
	SDP               string
	Candidate         *string
	SDPMid            *string
	SDPMLineIndex     *uint16
	Text              *string
	Base64            []byte
}

// --- The peer ------------------------------------------------------------------------------------

type peer struct {
	media     string // The folder of the clips.
	pc        *webrtc.PeerConnection
	waiting   []string // Kinds that are to be sent, and are not yet.
	counts    map[string]*counts
	connected chan struct{} // Closed when it is, for the first time.
	once      sync.Once

	mutex    sync.Mutex
	channels map[string]*webrtc.DataChannel
}

func newConnection() (*webrtc.PeerConnection, error) {
	engine := &webrtc.MediaEngine{}
	if err := engine.RegisterDefaultCodecs(); err != nil {
		return nil, err
	}
	interceptors := &interceptor.Registry{}
	if err := webrtc.RegisterDefaultInterceptors(engine, interceptors); err != nil {
		return nil, err
	}
	logs := logging.NewDefaultLoggerFactory() // It takes PION_LOG_DEBUG and its like.
	logs.Writer = os.Stderr
	settings := webrtc.SettingEngine{LoggerFactory: logs}
	settings.SetIncludeLoopbackCandidate(true)                    // Every machine has that address.
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled) // Nobody here answers multicast.
	api := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(interceptors),
		webrtc.WithSettingEngine(settings))
	return api.NewPeerConnection(webrtc.Configuration{})
}

func newPeer(media string) (*peer, error) {
	pc, err := newConnection()
	if err != nil {
		return nil, err
	}
	p := &peer{media: media, pc: pc, channels: map[string]*webrtc.DataChannel{},
		counts: map[string]*counts{"audio": {}, "video": {}}, connected: make(chan struct{})}
	pc.OnICECandidate(tellCandidate)
	pc.OnConnectionStateChange(p.onState)
	pc.OnDataChannel(func(channel *webrtc.DataChannel) { p.adopt(channel, true) })
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		tell("track", members{"kind": track.Kind().String()})
		receive(track, p.counts[track.Kind().String()])
	})
	return p, nil
}

func (p *peer) obey(c command) error {
	switch c.Command {
	case "track":
		p.waiting = append(p.waiting, c.Kind)
		return nil
	case "channel":
		return p.openChannel(c)
	case "offer":
		return p.offer(c.IceRestart)
	case "description":
		return p.description(c)
	case "candidate":
		return p.candidate(c)
	case "send":
		return p.send(c)
	case "stats":
		tell("stats", members{"audio": p.counts["audio"].members(), "video": p.counts["video"].members()})
		return nil
	case "closeChannel":
		channel, err := p.find(c.Label)
		if err != nil {
			return err
		}
		return channel.Close()
	}
	return errors.New("no such command")
}

// --- Descriptions and candidates -----------------------------------------------------------------

func (p *peer) offer(restart bool) error {
	if err := p.addTracks(); err != nil {
		return err
	}
	offer, err := p.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
	return p.setLocal(offer, err)
}

func (p *peer) description(c command) error {
	description := webrtc.SessionDescription{Type: webrtc.NewSDPType(c.Type), SDP: c.SDP}
	err := p.pc.SetRemoteDescription(description)
	if err != nil || description.Type != webrtc.SDPTypeOffer {
		return err
	}
	if err := p.addTracks(); err != nil {
		return err
	}
	answer, err := p.pc.CreateAnswer(nil)
	return p.setLocal(answer, err)
}

func (p *peer) setLocal(description webrtc.SessionDescription, err error) error {
	if err != nil {
		return err
	}
	if err := p.pc.SetLocalDescription(description); err != nil {
		return err
	}
	tell("description", members{"type": description.Type.String(), "sdp": description.SDP})
	return nil
}

// Its own are without a section: all of them are the bundle's.
func tellCandidate(candidate *webrtc.ICECandidate) {
	if candidate == nil {
		tell("candidate", members{"candidate": nil, "sdpMid": nil, "sdpMLineIndex": nil})
		return
	}
	tell("candidate", members{"candidate": candidate.ToJSON().Candidate, "sdpMid": nil, "sdpMLineIndex": 0})
}

func (p *peer) candidate(c command) error {
	init := webrtc.ICECandidateInit{SDPMid: c.SDPMid, SDPMLineIndex: c.SDPMLineIndex}
	if c.Candidate != nil {
		init.Candidate = *c.Candidate
	}
	return p.pc.AddICECandidate(init)
}

// Those of an answer take the sections of their kind that the offer has.
func (p *peer) addTracks() error {
	for _, kind := range p.waiting {
		form, known := formats[kind]
		if !known {
			return fmt.Errorf("no media of the kind %q", kind)
		}
		frames, err := readIVF(filepath.Join(p.media, form.clip))
		if err != nil {
			return err
		}
		track, err := webrtc.NewTrackLocalStaticRTP(form.capability, kind, "pion")
		if err != nil {
			return err
		}
		sender, err := p.pc.AddTrack(track)
		if err != nil {
			return err
		}
		s := &source{format: form, track: track, frames: frames, sent: p.counts[kind]}
		go s.play(p.connected)
		go s.readFeedback(sender)
	}
	p.waiting = nil
	return nil
}

func (p *peer) onState(state webrtc.PeerConnectionState) {
	if state == webrtc.PeerConnectionStateClosed {
		return // That is told when it is done.
	}
	tell("state", members{"state": state.String()})
	if state == webrtc.PeerConnectionStateConnected {
		p.once.Do(func() { close(p.connected) })
	}
}

// --- Data channels -------------------------------------------------------------------------------

func (p *peer) openChannel(c command) error {
	channel, err := p.pc.CreateDataChannel(c.Label, &webrtc.DataChannelInit{
		Ordered: c.Ordered, MaxPacketLifeTime: c.MaxPacketLifeTime, MaxRetransmits: c.MaxRetransmits,
		Protocol: c.Protocol, Negotiated: c.Negotiated, ID: c.ID})
	if err != nil {
		return err
	}
	p.adopt(channel, false)
	return nil
}

func (p *peer) adopt(channel *webrtc.DataChannel, remote bool) {
	label := channel.Label()
	p.mutex.Lock()
	p.channels[label] = channel
	p.mutex.Unlock()
	channel.OnMessage(func(message webrtc.DataChannelMessage) {
		if message.IsString {
			tell("message", members{"label": label, "text": string(message.Data)})
		} else {
			tell("message", members{"label": label, "base64": message.Data})
		}
	})
	channel.OnClose(func() { tell("channelClosed", members{"label": label}) })
	channel.OnOpen(func() {
		tell("channel", members{"label": label, "id": channel.ID(), "protocol": channel.Protocol(),
			"ordered": channel.Ordered(), "remote": remote})
	})
}

func (p *peer) find(label string) (*webrtc.DataChannel, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if channel, found := p.channels[label]; found {
		return channel, nil
	}
	return nil, fmt.Errorf("no channel %q", label)
}

func (p *peer) send(c command) error {
	channel, err := p.find(c.Label)
	if err != nil {
		return err
	}
	if c.Text != nil {
		return channel.SendText(*c.Text)
	}
	return channel.Send(c.Base64)
}

// --- The lines -----------------------------------------------------------------------------------

func run(media string) error {
	p, err := newPeer(media)
	if err != nil {
		return err
	}
	tell("ready", members{"name": "pion"})
	lines := json.NewDecoder(os.Stdin)
	lines.DisallowUnknownFields()
	for {
		var c command
		if err := lines.Decode(&c); errors.Is(err, io.EOF) || c.Command == "close" {
			break
		} else if err != nil {
			return err
		}
		if err := p.obey(c); err != nil {
			tell("error", members{"message": fmt.Sprintf("%s: %v", c.Command, err)})
		}
	}
	if err := p.pc.Close(); err != nil { // So where the other side was the first to close.
		fmt.Fprintln(os.Stderr, "pion_peer: close:", err)
	}
	tell("state", members{"state": "closed"})
	return nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: pion_peer FOLDER-OF-CLIPS")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		tell("error", members{"message": err.Error()})
		os.Exit(1)
	}
}
