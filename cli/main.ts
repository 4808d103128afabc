import { createDeployment } from './simulator/deployment';
export async function run(argv: readonly string[]): Promise<number> {
  const x = await import('./playbooks/library');
  console.log(argv, typeof createDeployment, typeof __dirname, Object.keys(x));
  return 0;
}
