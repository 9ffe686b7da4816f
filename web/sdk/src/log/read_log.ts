import { Mismatch } from '../schema';
import { callLogFile, kLogVersion, type CallLogFile } from './schema';

/** A file may be so large; ten minutes among sixteen people make about 4 MB. */
export const kMaxFileBytes = 32 << 20;

/** Far more than a log of ours ever holds, and little enough to draw. */
const kMaxConnections = 64;
const kMaxItems = 5000;
const kMaxText = 128 << 10;

/** Why a file is no call log: one of these. */
export type LogProblem = 'too-large' | 'no-json' | 'no-log' | 'newer';

export class LogFileError extends Error {
  override readonly name = 'LogFileError';
  constructor(
    readonly problem: LogProblem,
    message: string,
  ) {
    super(message);
  }
}

/** Reads an exported file. Throws a {@link LogFileError}; whoever wrote the file, nothing else happens. */
export function readCallLog(text: string): CallLogFile {
  if (text.length > kMaxFileBytes) throw new LogFileError('too-large', `${text.length} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new LogFileError('no-json', String(error));
  }
  return checkCallLog(value);
}

/** The same for a value that another tab sent. */
export function checkCallLog(value: unknown): CallLogFile {
  let log: CallLogFile;
  try {
    log = callLogFile.read(value, '');
  } catch (error) {
    throw new LogFileError('no-log', error instanceof Mismatch ? error.message : String(error));
  }
  if (log.version > kLogVersion) throw new LogFileError('newer', `version ${log.version}`);
  return bounded(log);
}

/** Cuts what is too much, and puts entries and samples into the order of time. */
function bounded(log: CallLogFile): CallLogFile {
  const byTime = (a: { at: number }, b: { at: number }) => a.at - b.at;
  return {
    ...log,
    connections: log.connections.slice(0, kMaxConnections).map((connection) => ({
      ...connection,
      entries: connection.entries
        .slice(0, kMaxItems)
        .map((entry) => ({ ...entry, ...(entry.sdp && { sdp: entry.sdp.slice(0, kMaxText) }) }))
        .sort(byTime),
      samples: connection.samples.slice(-kMaxItems).sort(byTime),
      pairs: connection.pairs.slice(0, kMaxItems),
    })),
  };
}
