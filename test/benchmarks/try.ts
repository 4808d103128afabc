import { DEMO_INCIDENTS } from '../../cli/simulator/cloud/incidents';
import { itemSize } from '../../shared/stores/item-size';
import { runIncident } from './incident-run';
async function main(){ for (const i of [0,1]) for (const n of [1]) { const r = await runIncident(DEMO_INCIDENTS[i]!, n);
 for (const c of r.changes) { const a: any=c.after; if(!a) {console.log('DEL', c.keys); continue;} console.log(a.pk.slice(0,20), a.sk, a.status??'', itemSize(a)); }
 const show=(sk:string)=>{ const it:any=r.deployment.state.items().find(x=>x.pk.startsWith('CONTRACT#'+r.contracts[0]!.contractId)&&x.sk.startsWith(sk)); console.log(sk, itemSize(it)); for (const k of Object.keys(it)) console.log('   ',k, itemSize({pk:'',sk:'',[k]:it[k]} as any)-4, JSON.stringify(it[k],(k,v)=>v instanceof Set?[...v]:v)?.slice(0,900)); };
 show('CONTRACT'); show('OUTCOME'); show('PLAN'); show('STEP'); if(i===1) for(const a of r.changes.filter(c=>c.after?.sk==='CONTRACT')) console.log(itemSize(a.after as any), JSON.stringify(a.after,(k,v)=>v instanceof Set?[...v]:v));
 } }
main();
