import { watchContract } from '../../cli/commands/watch-contract';
import { contractStore } from '../../shared/stores/contract-store';
import { memoryIo } from '../support/memory-io';
import { memoryBench } from '../support/stores-bench';
