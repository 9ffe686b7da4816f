import { withoutLogins } from '@parley/client';
import { doctor, overall, rowStates, weights } from '../words/doctor';
import { operatorWords, personWords, sentenceWords } from '../words/doctor_verdict';
import { rowsOf } from './rows';
import type { Examination } from './run';

/** All that was found, for the operator to read: without any login. */
export function textReport(examination: Examination, when: Date, userAgent: string): string {
  const { findings, verdict } = examination;
  if (!findings || !verdict) return '';
  const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? ['', title, ...lines] : []);
  return [
    doctor.report(findings.page.origin),
    `${when.toISOString()}, ${userAgent}`,
    ...section(
      overall[verdict.overall],
      verdict.sentences.map((sentence) => `- ${weights[sentence.weight]}: ${sentenceWords(sentence)}`),
    ),
    ...section(
      doctor.checks,
      rowsOf(examination).flatMap(({ title, state, text, facts }) => [
        `- ${title}: ${rowStates[state]}. ${text}`,
        ...facts.map(([name, value]) => `    ${name}: ${value}`),
      ]),
    ),
    ...section(
      doctor.forPerson,
      verdict.person.map((advice) => `- ${personWords(advice)}`),
    ),
    ...section(
      doctor.forOperator,
      verdict.operator.flatMap((advice) => [
        `- ${operatorWords(advice)}`,
        ...(advice.line?.split('\n').map((line) => `    ${line}`) ?? []),
      ]),
    ),
    '',
  ].join('\n');
}

/** The same for programs. */
export function jsonReport({ findings, verdict }: Examination, when: Date, userAgent: string): string {
  if (!findings) return '';
  return JSON.stringify({ when: when.toISOString(), userAgent, verdict, findings: withoutLogins(findings) }, null, 2);
}
