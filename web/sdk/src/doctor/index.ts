export { diagnose, kDoctorSteps, type DiagnoseOptions, type Phases, type StepName, type StepPhase } from './diagnose';
export { kTransports, withoutLogins } from './findings';
export type {
  AddressFinding,
  DoctorInfo,
  DoorFinding,
  Family,
  Findings,
  NatKind,
  PageFinding,
  RelayError,
  RelayFinding,
  ServerFinding,
  Transport,
} from './findings';
export { verdictOf } from './verdict';
export type {
  OperatorAdvice,
  OperatorKey,
  Overall,
  PersonAdvice,
  PersonKey,
  Sentence,
  SentenceKey,
  Verdict,
  Weight,
} from './draft';
