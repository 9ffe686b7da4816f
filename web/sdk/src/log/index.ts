export { CallLog, type CallLogOptions } from './call_log';
export { parseCandidate, type AddressFamily, type CandidateInfo } from './candidate';
export { DemoCall, type DemoNames, type DemoOptions } from './demo_call';
export { exportCallLog } from './export_log';
export { checkCallLog, kMaxFileBytes, LogFileError, readCallLog, type LogProblem } from './read_log';
export { kSeries, type Series } from './sample';
export {
  kLogVersion,
  type CallLogFile,
  type LogEntry,
  type LoggedConnection,
  type LogSample,
  type PairInfo,
} from './schema';
export { kSteps, type Step } from './steps';
