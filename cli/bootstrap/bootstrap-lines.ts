import type { BootstrapOutput } from '../../functions/bootstrap/bootstrap';

/** What `grace bootstrap` tells people. */
export function bootstrapLines(output: BootstrapOutput): readonly string[] {
  const written = output.playbooks.filter(({ outcome }) => outcome === 'written');
  const unchanged = output.playbooks.length - written.length;
  return [
    `playbooks: ${written.length} written, ${unchanged} unchanged`,
    ...written.map(({ name, version }) => `  ${name} ${version.slice(0, 12)}`),
    `policies: ${output.policies.version.slice(0, 12)} ${output.policies.outcome}`,
    `golden snapshot: ${output.golden.slice(0, 12)}`,
    `first benchmarks: ${output.benchmarks} written`,
    ...output.missing.map((target) => `  not there: ${target}`),
    output.contractId === null
      ? 'no test contract: no playbook acts on a group by alarm'
      : output.repeated
        ? `test contract ${output.contractId}: there already`
        : `test contract ${output.contractId}: written, in observe mode, of mission ${output.missionId}`,
    ...(output.settings ?? []).map(({ field, message, fix }) => `! ${field}: ${message}\n    ${fix}`),
  ];
}
