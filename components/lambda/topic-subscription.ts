import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { createDeadLetters } from "../messaging/dead-letters";
import { checkFilterPolicy, type FilterPolicyArgs } from "../messaging/filter-policy";
import type { Topic } from "../messaging/topic";
import { checkAlarmActions } from "../monitoring/alarm";
import { componentName } from "../rules";
import type { LambdaFunction } from "./lambda-function";
import { allowInvoke, checkFunction } from "./permission";

const type = "groundwork:lambda:TopicSubscription";

/** Arguments of {@link TopicSubscription}. */
export interface TopicSubscriptionArgs extends FilterPolicyArgs {
  /** Where the messages come from; no FIFO topic, which delivers to queues alone. */
  readonly topic: Topic;
  /** What handles them, one at a time. */
  readonly function: LambdaFunction;
  /**
   * ARNs of what is told when a message could not be handed over, and when none lies there any
   * more: best an {@link AlarmTopic}'s.
   * @default none, and no alarm is made
   */
  readonly alarmActions?: readonly pulumi.Input<string>[];
}

/**
 * Has a function handle the messages of a topic. What SNS can't hand over in some hours of trying
 * ends in a dead-letter queue.
 *
 * Children: `name` (the subscription), `name-invoke` (the permission), `name-dead-letters`, and
 * `name-dead-letters-alarm` where there is somebody to tell.
 *
 * @example
 * new TopicSubscription("mail", { topic: orderPlaced, function: mail });
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-lambda-as-subscriber.html
 */
export class TopicSubscription extends pulumi.ComponentResource {
  /** The subscription itself. */
  readonly subscription: sns.TopicSubscription;

  /** @throws {InvalidArgumentsError} for a FIFO topic, and a filter that SNS refuses */
  constructor(name: string, args: TopicSubscriptionArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const { source } = args.topic;

    const permission = allowInvoke(`${name}-invoke`, args.function, source, parent);
    const deadLetters = createDeadLetters(
      name,
      {
        description: pulumi.interpolate`Messages of ${args.topic.topic.name} did not reach ${args.function.functionName}: see in its permissions and concurrency why, and start a redrive`,
        sender: source,
        alarmActions: checked.alarmActions,
      },
      parent,
    );
    this.subscription = new sns.TopicSubscription(
      name,
      {
        topic: args.topic.arn,
        protocol: "lambda",
        endpoint: args.function.arn,
        redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: deadLetters.arn }),
        ...checked.filter,
      },
      { ...parent, dependsOn: permission },
    );
    this.registerOutputs({});
  }
}

function check(name: string, args: TopicSubscriptionArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<TopicSubscriptionArgs>(args, {
    topic: true,
    function: true,
    filterPolicy: true,
    filterPolicyScope: true,
    alarmActions: true,
  });
  // "-dead-letters" and Pulumi's 8 characters are added; SQS takes 80.
  check.input("name", name, componentName(59));
  const checked = {
    filter: checkFilterPolicy(check, args),
    alarmActions: checkAlarmActions(check, args.alarmActions),
  };
  checkFunction(check, "function", args.function);
  check.shaped("topic", args.topic, ["arn", "source"], "a Topic");
  if (args.topic.fifo) {
    check.problem("the topic is a FIFO topic, which delivers to queues alone: subscribe a queue");
  }
  check.throwIfAny();
  return checked;
}
