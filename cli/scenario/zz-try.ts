import { runSimulatedScenario } from './run-simulated';
import { loadPlaybooks } from '../playbooks/library';
async function main(){
 const lib = loadPlaybooks('/work/main/playbooks'); if(!lib.ok) throw new Error(JSON.stringify(lib.problems));
 const r = await runSimulatedScenario({iterations:Number(process.argv[2]??20), seed:process.argv[3]??1, chaos:process.argv[4]==='chaos', playbooks: lib.compiled});
 const {findings,...rest}=r; console.log(JSON.stringify(rest)); for(const f of findings.slice(0,Number(process.argv[5]??15))) console.log(JSON.stringify(f));
}
main();
