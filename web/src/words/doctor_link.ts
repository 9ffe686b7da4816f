import { area } from './area';

/** The way to the doctor, in an area of its own: the meeting shows it, and not the rest. */
export const doctorLink = area({
  text: { en: 'Check the connection', de: 'Verbindung prüfen' },
  newTab: { en: 'opens in a new tab', de: 'öffnet in einem neuen Tab' },
});
