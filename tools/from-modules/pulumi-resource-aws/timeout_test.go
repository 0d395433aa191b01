package main

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	p5 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/vendored/tfplugin5"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

func TestTimeoutOfAnOlderResource(t *testing.T) {
	const key = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0"
	var private []string
	s, _ := serverOver(t, &fake{apply: func(q *p5.ApplyResourceChange_Request) *p5.ApplyResourceChange_Response {
		private = append(private, string(q.PlannedPrivate))
		return &p5.ApplyResourceChange_Response{NewState: state(q.TypeName, map[string]any{"id": "d-1"}),
			Private: []byte(`{"` + key + `":{"delete":3600000000000}}`)}
	}})
	urn := "urn:pulumi:dev::shop::aws:rds/database:Database::main"
	r, err := s.Create(context.Background(), &pulumirpc.CreateRequest{Urn: urn, Properties: properties(nil), Timeout: 5})
	if err != nil {
		t.Fatal(err)
	}
	// A deletion without a timeout of its own keeps to the one that Terraform has noted.
	for _, timeout := range []float64{0, 7} {
		q := &pulumirpc.DeleteRequest{Urn: urn, Id: r.Id, Properties: r.Properties, Timeout: timeout}
		if _, err := s.Delete(context.Background(), q); err != nil {
			t.Fatal(err)
		}
	}
	want := `["{\"` + key + `\":{\"create\":5000000000}}","{\"` + key + `\":{\"delete\":3600000000000}}","{\"` + key + `\":{\"delete\":7000000000}}"]`
	if got := jsonOf(t, private); got != want {
		t.Errorf("the private states are %s", got)
	}
}

func TestTimeoutOfANewerResource(t *testing.T) {
	timeoutIn := func(v *p5.DynamicValue, name string) (text string) {
		var set map[string]tftypes.Value
		if fieldsOf(types["aws_vault"], v)["timeouts"].As(&set) == nil && set != nil {
			_ = set[name].As(&text)
		}
		return text
	}
	var got []string
	s, _ := serverOver(t, &fake{apply: func(q *p5.ApplyResourceChange_Request) *p5.ApplyResourceChange_Response {
		if isNull(q.PlannedState) {
			got = append(got, "delete "+timeoutIn(q.PriorState, "delete"))
			return &p5.ApplyResourceChange_Response{NewState: q.PlannedState}
		}
		got = append(got, "create "+timeoutIn(q.PlannedState, "create"))
		fields := fieldsOf(types["aws_vault"], q.PlannedState)
		fields["id"] = tftypes.NewValue(tftypes.String, "v-1")
		return &p5.ApplyResourceChange_Response{NewState: wire(types["aws_vault"], tftypes.NewValue(types["aws_vault"], fields))}
	}})
	urn := "urn:pulumi:dev::shop::aws:backup/vault:Vault::main"
	r, err := s.Create(context.Background(), &pulumirpc.CreateRequest{Urn: urn, Properties: properties(nil), Timeout: 90})
	if err != nil {
		t.Fatal(err)
	}
	if value, ok := r.Properties.Fields["timeouts"]; ok && value.GetStructValue() != nil {
		t.Errorf("timeouts are in the state: %v", value)
	}
	q := &pulumirpc.DeleteRequest{Urn: urn, Id: r.Id, Properties: r.Properties, Timeout: 2}
	if _, err := s.Delete(context.Background(), q); err != nil {
		t.Fatal(err)
	}
	if text := jsonOf(t, got); text != `["create 1m30s","delete 2s"]` {
		t.Errorf("Terraform got %s", text)
	}
}

func isNull(v *p5.DynamicValue) bool { return len(v.Msgpack) == 1 && v.Msgpack[0] == 0xc0 }

func TestTimeoutOfAResourceWithout(t *testing.T) {
	alone := &fake{stopped: make(chan struct{})}
	alone.apply = func(q *p5.ApplyResourceChange_Request) *p5.ApplyResourceChange_Response {
		<-alone.stopped
		return &p5.ApplyResourceChange_Response{
			NewState: state("aws_queue", map[string]any{"id": "q-1"}), Diagnostics: []*p5.Diagnostic{problem("context canceled")}}
	}
	main := &fake{read: found("aws_queue", map[string]any{"id": "q-1", "max_size": 5})}
	s, _ := serverOver(t, main, alone)
	configure(t, s, map[string]any{"region": "eu-west-1"})
	_, err := s.Create(context.Background(), &pulumirpc.CreateRequest{Urn: queueURN, Properties: properties(nil), Timeout: 0.01})
	kept := initFailed(t, err)
	if got := jsonOf(t, kept.Reasons); kept.Id != "q-1" ||
		got != `["It took longer than customTimeouts.create, which is 10ms","context canceled"]` {
		t.Errorf("kept %s for %s", kept.Id, got)
	}
	if alone.configured != main.configured {
		t.Errorf("it was configured with %v", alone.configured)
	}
}

func configure(t *testing.T, s *server, config map[string]any) {
	t.Helper()
	if _, err := s.Configure(context.Background(), &pulumirpc.ConfigureRequest{Args: properties(config)}); err != nil {
		t.Fatal(err)
	}
}

func TestEndpointsAreNotValidated(t *testing.T) {
	f := &fake{}
	s, _ := serverOver(t, f)
	endpoints := []any{map[string]any{"sqs": "http://127.0.0.1:5000"}}
	news := properties(map[string]any{"region": "eu-west-1"})
	news.Fields["endpoints"] = structpb.NewStringValue(jsonOf(t, endpoints))
	r, err := s.CheckConfig(context.Background(), &pulumirpc.CheckRequest{
		Urn: "urn:pulumi:dev::shop::pulumi:providers:aws::local", News: news})
	if err != nil || len(r.Failures) > 0 {
		t.Fatal(err, r.GetFailures())
	}
	if got := r.Inputs.Fields["endpoints"].GetStringValue(); got != jsonOf(t, endpoints) {
		t.Errorf("the provider's inputs have %q", got)
	}
	count := func(config *p5.DynamicValue) int {
		var set []tftypes.Value
		if err := fieldsOf(providerType, config)["endpoints"].As(&set); err != nil {
			t.Fatal(err)
		}
		return len(set)
	}
	if got := count(f.validated.Config); got != 0 {
		t.Errorf("the validator gets %d endpoints", got)
	}
	var region string
	if err := fieldsOf(providerType, f.validated.Config)["region"].As(&region); err != nil || region != "eu-west-1" {
		t.Errorf("the validator gets the region %q (%v)", region, err)
	}
	if _, err := s.Configure(context.Background(), &pulumirpc.ConfigureRequest{Args: r.Inputs}); err != nil {
		t.Fatal(err)
	}
	if got := count(f.configured.Config); got != 1 {
		t.Errorf("the provider gets %d endpoints", got)
	}
}
