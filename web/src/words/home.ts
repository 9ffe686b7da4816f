import { area } from './area';

export const home = area({
  title1: { en: 'Talk face to face,', de: 'Miteinander reden,' },
  title2: { en: 'on a server', de: 'auf dem' },
  title3: { en: 'of your own.', de: 'eigenen Server.' },
  lead: {
    en: 'Open a room, send its link, and you are in the call. No account, nothing to install, and nobody in between.',
    de: 'Raum öffnen, Link verschicken, schon sprechen Sie miteinander. Ohne Konto, ohne Installation, ohne jemanden dazwischen.',
  },
  start: { en: 'Start a meeting', de: 'Besprechung starten' },
  code: { en: 'Code or link', de: 'Code oder Link' },
  wrongCode: {
    en: 'That is neither a code nor a link: letters, digits, dots and dashes make a code.',
    de: 'Das ist weder ein Code noch ein Link. Ein Code besteht aus Buchstaben, Ziffern, Punkten und Strichen.',
  },
  join: { en: 'Join', de: 'Beitreten' },
  art: { en: 'Four people in a video call', de: 'Vier Menschen in einem Videogespräch' },
});
