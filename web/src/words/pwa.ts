import { area } from './area';

/** Installed, updated, offline. */
export const pwa = area({
  install: { en: 'Install the app', de: 'App installieren' },
  newVersion: { en: 'There is a new version of Parley.', de: 'Es gibt eine neue Version von Parley.' },
  reload: { en: 'Reload', de: 'Neu laden' },
  offlineTitle: { en: 'The server is out of reach', de: 'Der Server ist nicht erreichbar' },
  offlineText: {
    en: 'You are offline, or the server is. This page comes back by itself as soon as it can be reached.',
    de: 'Sie sind offline, oder der Server ist es. Diese Seite kommt von selbst wieder, sobald er erreichbar ist.',
  },
});
