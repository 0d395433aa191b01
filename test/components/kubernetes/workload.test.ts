import { commonLabels, selectorLabels } from "../../../components/kubernetes/workload";

test("pods are selected by their name alone, and labelled with more", () => {
  expect(selectorLabels("web")).toEqual({ "app.kubernetes.io/name": "web" });
  expect(commonLabels("web")).toEqual({
    "app.kubernetes.io/name": "web",
    "app.kubernetes.io/instance": "web",
    "app.kubernetes.io/managed-by": "pulumi",
  });
});
