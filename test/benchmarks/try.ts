import { DEMO_INCIDENTS } from '../../cli/simulator/cloud/incidents';
import { runIncident } from './incident-run';
async function main(){ for (const i of [0,1]) for (const n of [1,50]) { const r = await runIncident(DEMO_INCIDENTS[i]!, n);
 console.log(DEMO_INCIDENTS[i]!.name, n, r.contracts.length, 'trans', r.transitions.length/n, 'inv', r.invocations.length/n, 'changes', r.changes.length/n, r.wallMs, r.eventsPublished, r.eventsReceived);
 const inv: Record<string,number>={}; for (const x of r.invocations) inv[x.functionName]=(inv[x.functionName]??0)+1; console.log(inv);
 if(n===1) console.log(r.transitions.map(t=>t.stateName).join(' > '));
 for (const s of r.spent) console.log('  ', s.table, s.functionName, s.item, s.units/n, s.writes/n); } }
main();
