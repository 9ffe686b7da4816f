import { area } from './area';

export const todo = area({
  title: { en: 'To-do', de: 'Aufgaben' },
  add: { en: 'Add a task', de: 'Aufgabe hinzufügen' },
  addDo: { en: 'Add', de: 'Hinzufügen' },
  list: { en: 'Tasks', de: 'Aufgaben' },
  doneList: { en: (count: number) => `Done (${count})`, de: (count) => `Erledigt (${count})` },
  empty: { en: 'Nothing to do yet', de: 'Noch nichts zu tun' },
  emptyText: {
    en: 'Write down what comes out of this meeting. Everyone in it sees the list at once.',
    de: 'Halten Sie fest, was sich ergibt. Alle in der Besprechung sehen die Liste sofort.',
  },
  done: { en: (text: string) => `Done: ${text}`, de: (text) => `Erledigt: ${text}` },
  edit: { en: (text: string) => `Edit: ${text}`, de: (text) => `Bearbeiten: ${text}` },
  text: { en: 'Text of the task', de: 'Text der Aufgabe' },
  remove: { en: (text: string) => `Delete: ${text}`, de: (text) => `Löschen: ${text}` },
  removed: { en: 'Task deleted', de: 'Aufgabe gelöscht' },
  undo: { en: 'Undo', de: 'Rückgängig' },
  assign: { en: (text: string) => `Who does it: ${text}`, de: (text) => `Wer übernimmt: ${text}` },
  nobody: { en: 'Nobody', de: 'Niemand' },
  move: {
    en: (text: string) => `Move: ${text}. Arrow keys up and down.`,
    de: (text) => `Verschieben: ${text}. Pfeiltasten auf und ab.`,
  },
  moved: {
    en: (text: string, place: number, count: number) => `${text}: ${place} of ${count}`,
    de: (text, place, count) => `${text}: ${place} von ${count}`,
  },
  pending: { en: 'Not saved yet', de: 'Noch nicht gespeichert' },
  offline: {
    en: 'No connection. Your changes are kept, and join those of the others later.',
    de: 'Keine Verbindung. Ihre Änderungen bleiben und werden später mit denen der anderen vereint.',
  },
  off: {
    en: 'A host has switched changes to the list off for you.',
    de: 'Ein Gastgeber hat Änderungen an der Liste für Sie abgeschaltet.',
  },
  by: { en: (name: string) => `Added by ${name}`, de: (name) => `Hinzugefügt von ${name}` },
});
