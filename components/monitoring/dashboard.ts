import * as cloudwatch from "@pulumi/aws/cloudwatch";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { nameInStack } from "../name-in-stack";
import { componentName } from "../rules";
import type { Graph, Health, Metric } from "./health";

const type = "groundwork:monitoring:Dashboard";

/** Arguments of {@link Dashboard}. */
export interface DashboardArgs {
  /**
   * What to show, from top to bottom: what components say of themselves.
   * @example [archive.health(), orders.health(), containerInsights(web, "cluster")]
   */
  readonly health: readonly Health[];
}

/**
 * A dashboard in CloudWatch: the state of all alarms at the top, and below it the graphs of each
 * thing in a row of its own. One for a stack is the place to look at first.
 *
 * Children: `name` (the dashboard).
 *
 * @example
 * new Dashboard("overview", { health: [archive.health(), orders.health()] });
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
 */
export class Dashboard extends pulumi.ComponentResource {
  /** The dashboard itself. */
  readonly dashboard: cloudwatch.Dashboard;
  /** The dashboard's name in the account: project, stack and the component's name. */
  readonly dashboardName: pulumi.Output<string>;

  /** @throws {InvalidArgumentsError} for no health, or for more than CloudWatch shows at once */
  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const { region } = getRegionOutput({}, parent);

    this.dashboard = new cloudwatch.Dashboard(
      name,
      {
        dashboardName: nameInStack(name),
        dashboardBody: pulumi.jsonStringify({ widgets: buildWidgets(args.health, region) }),
      },
      parent,
    );
    this.dashboardName = this.dashboard.dashboardName;
    this.registerOutputs({ dashboardName: this.dashboardName });
  }
}

/** The grid's width; a row holds up to four graphs, or its title. */
const width = 24;
const graphHeight = 6;
const titleHeight = 1;

/**
 * The widgets of a dashboard, laid out from top to bottom.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function buildWidgets(
  health: readonly Health[],
  region: pulumi.Input<string>,
): readonly object[] {
  const widgets: object[] = [];
  let y = 0;
  const add = (type: string, x: number, size: [number, number], properties: object) =>
    widgets.push({ type, x, y, width: size[0], height: size[1], properties });

  const alarms = health.flatMap((each) => each.alarms);
  if (alarms.length > 0) {
    const height = 1 + Math.ceil(alarms.length / 4);
    add("alarm", 0, [width, height], { title: "Alarms", alarms });
    y += height;
  }
  for (const { title, graphs } of health) {
    add("text", 0, [width, titleHeight], { markdown: `## ${title}`, background: "transparent" });
    y += titleHeight;
    const perRow = Math.min(4, graphs.length);
    graphs.forEach((graph, i) => {
      if (i > 0 && i % perRow === 0) y += graphHeight;
      const size: [number, number] = [width / perRow, graphHeight];
      add("metric", (i % perRow) * size[0], size, graphProperties(graph, region));
    });
    if (graphs.length > 0) y += graphHeight;
  }
  return widgets;
}

function graphProperties({ title, metrics }: Graph, region: pulumi.Input<string>) {
  return {
    title,
    region,
    view: "timeSeries",
    period: 60,
    // Most are counts or durations, whose distance from nothing is what matters.
    yAxis: { left: { min: 0, showUnits: false } },
    metrics: metrics.map(metricLine),
  };
}

function metricLine({ namespace, name, dimensions, statistic, label }: Metric) {
  return [namespace, name, ...Object.entries(dimensions).flat(), { stat: statistic, label }];
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const maxWidgets = 500;
const maxAlarms = 100;

function check(name: string, args: DashboardArgs): void {
  const check = new ArgumentCheck(type, name);
  check.known<DashboardArgs>(args, { health: true });
  // Before it stand project and stack; CloudWatch takes 255 in all.
  check.input("name", name, componentName(255 - nameInStack("").length));
  const health = check.list("health", args.health);
  for (const [i, each] of health.entries()) {
    check.shaped(`health[${i}]`, each, ["title", "graphs", "alarms"], "what queue.health() says");
  }
  if (health.length === 0) {
    check.problem("health is empty: give what components say of themselves, like queue.health()");
  }
  const widgets = health.reduce((sum, each) => sum + 1 + each.graphs.length, 1);
  if (widgets > maxWidgets) {
    check.problem(
      `health makes ${widgets} widgets: CloudWatch shows ${maxWidgets} on one dashboard; make several`,
    );
  }
  const alarms = health.reduce((sum, each) => sum + each.alarms.length, 0);
  if (alarms > maxAlarms) {
    check.problem(
      `health has ${alarms} alarms: CloudWatch shows ${maxAlarms} on one dashboard; make several`,
    );
  }
  check.throwIfAny();
}
