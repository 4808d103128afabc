import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Settings } from '../../shared/contracts/settings';

/** The topic that the settings name for alarms of Grace itself. Once a stack. */
export function alarmTopic(scope: Construct, { alarms: { topicArn } }: Settings): ITopic | undefined {
  return topicArn === undefined ? undefined : Topic.fromTopicArn(scope, 'Hears', topicArn);
}
