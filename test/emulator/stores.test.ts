import { emulatorTable } from '../support/emulator-table';
import { describeStores } from '../support/stores-suite';

describeStores('the stores in DynamoDB', emulatorTable('stores-suite'));
