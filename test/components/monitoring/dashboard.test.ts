import * as pulumi from "@pulumi/pulumi";
import { Dashboard, type DashboardArgs } from "../../../components/monitoring/dashboard";
import type { Graph, Health } from "../../../components/monitoring/health";
import { record } from "../../../components/testing";
import { parsed } from "../../support/inputs";
import { refusal, refusalOf } from "../../support/refusals";

const type = "groundwork:monitoring:Dashboard";
const dashboard = "aws:cloudwatch/dashboard:Dashboard";

const graph = (title: string): Graph => ({
  title,
  metrics: [
    {
      namespace: "AWS/SQS",
      name: "NumberOfMessagesSent",
      dimensions: { QueueName: pulumi.output("orders-1234567") },
      statistic: "Sum",
      label: "sent",
    },
  ],
});

const graphed = (title: string, x: number, y: number, width: number) => ({
  type: "metric",
  x,
  y,
  width,
  height: 6,
  properties: {
    title,
    region: "eu-central-1",
    view: "timeSeries",
    period: 60,
    yAxis: { left: { min: 0, showUnits: false } },
    metrics: [
      [
        "AWS/SQS",
        "NumberOfMessagesSent",
        "QueueName",
        "orders-1234567",
        { stat: "Sum", label: "sent" },
      ],
    ],
  },
});

const titled = (title: string, y: number) => ({
  type: "text",
  x: 0,
  y,
  width: 24,
  height: 1,
  properties: { markdown: `## ${title}`, background: "transparent" },
});

const health = (given: Partial<Health>): Health => ({
  title: "Queue orders",
  graphs: [],
  alarms: [],
  ...given,
});

async function widgetsOf(args: DashboardArgs) {
  const recording = await record(() => {
    new Dashboard("overview", args);
  });
  const inputs = parsed(recording.one(dashboard, "overview"), "dashboardBody");
  return (inputs["dashboardBody"] as { widgets: object[] }).widgets;
}

describe("Dashboard", () => {
  test("default is one dashboard, named for the stack, in the provider's region", async () => {
    const recording = await record(() => ({
      name: new Dashboard("overview", { health: [health({ graphs: [graph("Messages")] })] })
        .dashboardName,
    }));

    expect(recording.resources).toHaveLength(2);
    expect(recording.childrenOf(type, "overview")).toEqual([`${dashboard} overview`]);
    expect(parsed(recording.one(dashboard, "overview"), "dashboardBody")).toEqual({
      dashboardName: "groundwork-test-overview",
      dashboardBody: {
        widgets: [titled("Queue orders", 0), graphed("Messages", 0, 1, 24)],
      },
    });
    expect(recording.outputs).toEqual({ name: "groundwork-test-overview" });
  });

  test("custom shows all alarms first, and no more than four graphs in a row", async () => {
    const alarm = (i: number) => `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${i}`;
    const graphs = ["a", "b", "c", "d", "e"].map(graph);
    const widgets = await widgetsOf({
      health: [
        health({ alarms: [1, 2, 3].map(alarm), graphs }),
        health({ title: "Function ship", alarms: [pulumi.output(alarm(4)), alarm(5)] }),
        health({ title: "Service web", graphs: [graph("f"), graph("g")] }),
      ],
    });

    expect(widgets).toEqual([
      {
        type: "alarm",
        x: 0,
        y: 0,
        width: 24,
        height: 3,
        properties: { title: "Alarms", alarms: [1, 2, 3, 4, 5].map(alarm) },
      },
      titled("Queue orders", 3),
      graphed("a", 0, 4, 6),
      graphed("b", 6, 4, 6),
      graphed("c", 12, 4, 6),
      graphed("d", 18, 4, 6),
      graphed("e", 0, 10, 6),
      titled("Function ship", 16),
      titled("Service web", 17),
      graphed("f", 0, 18, 12),
      graphed("g", 12, 18, 12),
    ]);
  });

  test("fails when there is nothing to show, with everything that is wrong", async () => {
    const args = { health: [], of: [] } as DashboardArgs;

    expect(await refusal(() => new Dashboard("over view", args))).toEqual(
      refusalOf(
        type,
        "over view",
        'there is no argument "of": give only health',
        'name is "over view": give at most 239 letters, digits, hyphens and underscores: names in AWS are made of it',
        "health is empty: give what components say of themselves, like queue.health()",
      ),
    );
  });

  test("fails when CloudWatch could not show it all", async () => {
    const graphs = Array.from({ length: 499 }, () => graph("Messages"));
    const alarms = Array.from({ length: 101 }, (_, i) => `arn:${i}`);

    expect(
      await refusal(() => new Dashboard("overview", { health: [health({ graphs, alarms })] })),
    ).toEqual(
      refusalOf(
        type,
        "overview",
        "health makes 501 widgets: CloudWatch shows 500 on one dashboard; make several",
        "health has 101 alarms: CloudWatch shows 100 on one dashboard; make several",
      ),
    );
  });
});
