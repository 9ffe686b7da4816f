import type { HostedSource, Room } from '@parley/client';
import { chat, files } from '../words/chat';
import { onStage } from '../words/lecture';
import { stage } from '../words/meeting';
import { told } from '../words/people';
import { happens } from '../words/room';
import type { Tune } from './chime';
import { attempt, refusalText } from './hosting';
import { Knocks } from './knocks';
import { followMutedSpeech } from './muted_hint';
import { openPanel, panel } from './panel';
import { followQuestions } from './question_events';
import { floatReaction } from './reactions';
import { settings } from './settings';
import { dismissToast, toast, type ToastAction } from './toasts';

/** Says in short messages what happens in the room. */
export function followRoom(room: Room): void {
  room.on('joined', ({ name }) => tell('joined', room.lecture.on ? onStage.came(name) : happens.joined(name)));
  room.on('left', ({ participant: { name }, reason }) => {
    const went = reason === 'audience' ? onStage.went(name) : happens.left(name);
    tell('left', reason === 'timeout' ? happens.lost(name) : went);
  });
  room.on('closing', () => toast(room.topology === 'p2p' ? happens.closing : happens.closingWithCall, 'warning'));
  room.on('error', (error) => console.warn('parley:', error.message));
  room.on('hand', ({ name, self }) => {
    if (!self) toast(stage.raised(name));
  });
  room.on('reaction', ({ emoji, name }) => floatReaction(emoji, name));
  followConnection(room);
  followDevices(room);
  followHosts(room);
  followRole(room);
  followChat(room);
  followQuestions(room);
  followFiles(room);
  room.todo.on('refused', (error) => toast(refusalText(error), 'warning'));
  followMutedSpeech(room);
  const knocks = new Knocks({
    admit: (sids) => attempt(room.host.admit(...sids)),
    refuse: (sids) => attempt(room.host.refuse(...sids)),
  });
  room.on('waiting', (people) => knocks.update(people));
}

// Who comes and goes, as far as the person wants to be told.
function tell(tune: Tune, text: string): void {
  const { notices, sounds } = settings.get();
  if (notices) toast(text);
  if (sounds) void import('./chime').then(({ chime }) => chime(tune));
}

function followConnection(room: Room): void {
  let before = room.state;
  room.on('state', (state) => {
    if (before === 'reconnecting' && state === 'joined') toast(stage.reconnected);
    before = state;
  });
}

/** A device that was pulled out, and what took its place. Where nothing did, its control says so. */
function followDevices({ media }: Room): void {
  media.on('lost', ({ kind, fallback }) => {
    if (fallback === undefined) return;
    toast(kind === 'microphone' ? happens.microphoneReplaced(fallback) : happens.cameraReplaced(fallback), 'warning');
  });
}

/** What a host does to us, or asks of us. */
function followHosts(room: Room): void {
  room.on('muted', ({ by, source }) => {
    const host = by?.name ?? told.aHost;
    const texts: Record<HostedSource, string> = {
      microphone: told.muted(host),
      camera: told.cameraOff(host),
      screen: told.screenOff(host),
    };
    toast(texts[source], 'warning');
  });
  room.on('asked', ({ by, source, on }) => {
    const key = `asked/${source}`;
    toast(askedText(source, on, by?.name ?? told.aHost), {
      key,
      tone: 'call',
      stays: kAskedTime,
      actions: [
        { label: answerText(source, on), testId: 'asked-yes', run: () => obey(room, source, on) },
        { label: told.notNow, testId: 'asked-no', run: () => dismissToast(key) },
      ],
    });
  });
  let wasLocked = false;
  room.on('state', () => (wasLocked = room.settings.locked));
  room.on('settings', ({ settings: { locked } }) => {
    if (locked !== wasLocked) toast(locked ? told.locked : told.unlocked);
    wasLocked = locked;
  });
}

/** How long a host's question stays, in milliseconds. */
const kAskedTime = 30_000;

function askedText(source: HostedSource, on: boolean, host: string): string {
  const texts: Record<HostedSource, string> = on
    ? { microphone: told.askMicrophone(host), camera: told.askCamera(host), screen: told.askScreen(host) }
    : { microphone: told.askMicrophoneOff(host), camera: told.askCameraOff(host), screen: told.askScreenOff(host) };
  return texts[source];
}

function answerText(source: HostedSource, on: boolean): string {
  const texts: Record<HostedSource, string> = on
    ? { microphone: told.unmute, camera: told.turnOn, screen: told.share }
    : { microphone: told.mute, camera: told.turnOff, screen: told.stop };
  return texts[source];
}

function obey({ media }: Room, source: HostedSource, on: boolean): void {
  if (source === 'microphone') void media.setMicrophone(on);
  else if (source === 'camera') void media.setCamera(on);
  else if (on)
    void media.startScreen().catch(() => undefined); // They changed their mind.
  else media.stopScreen();
}

function followRole(room: Room): void {
  let before = room.self;
  room.on('self', (self) => {
    if (before && before.role !== self.role) {
      toast({ owner: told.nowOwner, cohost: told.nowCohost, participant: told.nowParticipant }[self.role]);
    }
    before = self;
  });
}

function followFiles({ files: transfers }: Room): void {
  transfers.on('offer', ({ peerName }) => {
    if (panel.get() === 'chat') return;
    toast(files.offers(peerName), { key: 'file', actions: [toTheChat()] });
  });
}

function toTheChat(): ToastAction {
  return { label: chat.open, testId: 'toast-chat', run: () => openPanel('chat') };
}

/** The longest piece of a message in a toast, in letters. */
const kPreview = 120;

function followChat({ chat: messages }: Room): void {
  messages.on('message', ({ name, text, to }) => {
    if (panel.get() === 'chat' && document.visibilityState === 'visible') return;
    const letters = Array.from(text);
    const short = letters.length > kPreview ? `${letters.slice(0, kPreview).join('')}…` : text;
    toast(to ? chat.saidPrivately(name, short) : chat.said(name, short), {
      key: 'chat',
      actions: [toTheChat()],
    });
  });
}
