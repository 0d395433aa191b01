package main

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	p5 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/vendored/tfplugin5"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil/rpcerror"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

const queueURN = "urn:pulumi:dev::shop::aws:sqs/queue:Queue::jobs"

func properties(fields map[string]any) *structpb.Struct {
	s, err := structpb.NewStruct(fields)
	if err != nil {
		panic(err)
	}
	return s
}

// initFailed is what the engine takes into the state from an error.
func initFailed(t *testing.T, err error) *pulumirpc.ErrorResourceInitFailed {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	e, ok := rpcerror.FromError(err)
	if !ok {
		t.Fatalf("an error without details: %v", err)
	}
	for _, detail := range e.Details() {
		if f, ok := detail.(*pulumirpc.ErrorResourceInitFailed); ok {
			return f
		}
	}
	t.Fatalf("nothing is kept: %v", err)
	return nil
}

func applied(typeName string, fields map[string]any, problems ...*p5.Diagnostic) func(*p5.ApplyResourceChange_Request) *p5.ApplyResourceChange_Response {
	return func(*p5.ApplyResourceChange_Request) *p5.ApplyResourceChange_Response {
		return &p5.ApplyResourceChange_Response{NewState: state(typeName, fields), Diagnostics: problems}
	}
}

func found(typeName string, fields map[string]any, problems ...*p5.Diagnostic) func(*p5.ReadResource_Request) *p5.ReadResource_Response {
	return func(*p5.ReadResource_Request) *p5.ReadResource_Response {
		return &p5.ReadResource_Response{NewState: state(typeName, fields), Diagnostics: problems}
	}
}

func TestCreateKeepsWhatItMade(t *testing.T) {
	made := map[string]any{"id": "q-1", "max_size": 5, "kms_key": "refused"}
	tests := map[string]struct {
		read func(*p5.ReadResource_Request) *p5.ReadResource_Response
		want map[string]any
	}{
		"as it is":           {found("aws_queue", map[string]any{"id": "q-1", "max_size": 5}), map[string]any{"id": "q-1", "maxSize": 5.0}},
		"not to be seen yet": {found("aws_queue", nil), map[string]any{"id": "q-1", "maxSize": 5.0, "kmsKey": "refused"}},
		"not to be read":     {found("aws_queue", nil, problem("denied")), map[string]any{"id": "q-1", "maxSize": 5.0, "kmsKey": "refused"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := serverOver(t, &fake{
				apply: applied("aws_queue", made, problem("key refused"), problem("tags refused")),
				read:  test.read,
			})
			_, err := s.Create(context.Background(), &pulumirpc.CreateRequest{
				Urn: queueURN, Properties: properties(map[string]any{"maxSize": 5, "kmsKey": "refused"})})
			kept := initFailed(t, err)
			if kept.Id != "q-1" {
				t.Errorf("the ID is %q", kept.Id)
			}
			got := kept.Properties.AsMap()
			for _, key := range []string{"id", "maxSize", "kmsKey"} {
				if got[key] != test.want[key] {
					t.Errorf("%s is %v, want %v", key, got[key], test.want[key])
				}
			}
			if got := jsonOf(t, kept.Reasons); got != `["key refused","tags refused"]` {
				t.Errorf("the reasons are %s", got)
			}
		})
	}
}

func TestCreateKeepsNoUnknowns(t *testing.T) {
	s, _ := serverOver(t, &fake{
		apply: applied("aws_queue", map[string]any{"id": "q-1", "arn": tftypes.UnknownValue}, problem("refused")),
		read:  found("aws_queue", nil, problem("denied")),
	})
	_, err := s.Create(context.Background(), &pulumirpc.CreateRequest{Urn: queueURN, Properties: properties(nil)})
	kept := initFailed(t, err).Properties.Fields
	if _, null := kept["arn"].GetKind().(*structpb.Value_NullValue); kept["arn"] != nil && !null {
		t.Errorf("arn is %v", kept["arn"])
	}
}

func TestCreateOfNothing(t *testing.T) {
	tests := map[string]struct {
		apply func(*p5.ApplyResourceChange_Request) *p5.ApplyResourceChange_Response
		want  string
	}{
		"errors": {
			applied("aws_queue", nil, at(problem("too large"), "max_size"), problem("refused")),
			"too large. Examine values at 'jobs.maxSize'.\nrefused",
		},
		"an ID that is empty": {applied("aws_queue", map[string]any{"id": ""}, problem("refused")), "refused"},
		"no word":             {applied("aws_queue", nil), "Terraform's provider made nothing, and gives no reason"},
	}
	for name, test := range tests {
		s, _ := serverOver(t, &fake{apply: test.apply})
		_, err := s.Create(context.Background(), &pulumirpc.CreateRequest{Urn: queueURN, Properties: properties(nil)})
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
}

func TestUpdate(t *testing.T) {
	request := func() *pulumirpc.UpdateRequest {
		return &pulumirpc.UpdateRequest{Urn: queueURN, Id: "q-1",
			Olds: properties(map[string]any{"id": "q-1", "maxSize": 5}),
			News: properties(map[string]any{"maxSize": 6, "kmsKey": "refused"})}
	}
	planned := map[string]any{"id": "q-1", "max_size": 6, "kms_key": "refused"}

	s, _ := serverOver(t, &fake{
		apply: applied("aws_queue", planned, problem("key refused")),
		read:  found("aws_queue", map[string]any{"id": "q-1", "max_size": 6}),
	})
	_, err := s.Update(context.Background(), request())
	kept := initFailed(t, err)
	if got := kept.Properties.AsMap(); kept.Id != "q-1" || got["maxSize"] != 6.0 || got["kmsKey"] != nil {
		t.Errorf("kept %s with %v", kept.Id, got)
	}

	gone := "The resource does not exist any more: it was deleted outside of Pulumi. " +
		"Run the command again with --refresh, which makes it again"
	s, _ = serverOver(t, &fake{apply: applied("aws_queue", planned, problem("no such queue")), read: found("aws_queue", nil)})
	if _, err := s.Update(context.Background(), request()); err == nil || err.Error() != "no such queue\n"+gone {
		t.Errorf("an update of what is gone: %v", err)
	}
	s, _ = serverOver(t, &fake{apply: applied("aws_queue", nil)})
	if _, err := s.Update(context.Background(), request()); err == nil || err.Error() != gone {
		t.Errorf("an update that finds nothing: %v", err)
	}
}

func TestDelete(t *testing.T) {
	failing := applied("aws_queue", nil, problem("deleting: api error ResourceNotFound: unknown"))
	there := map[string]any{"id": "q-1"}
	tests := map[string]struct {
		apply func(*p5.ApplyResourceChange_Request) *p5.ApplyResourceChange_Response
		read  func(*p5.ReadResource_Request) *p5.ReadResource_Response
		want  string
	}{
		"deleted":                    {applied("aws_queue", nil), nil, ""},
		"gone":                       {failing, found("aws_queue", nil), ""},
		"gone, by both errors":       {failing, found("aws_queue", nil, problem("api error NoSuchEntity: x")), ""},
		"gone for another reason":    {applied("aws_queue", nil, problem("timed out")), found("aws_queue", nil), ""},
		"still there":                {failing, found("aws_queue", there), "deleting: api error ResourceNotFound: unknown"},
		"cannot be read":             {failing, found("aws_queue", nil, problem("denied")), "deleting: api error ResourceNotFound: unknown"},
		"denied, and cannot be read": {applied("aws_queue", nil, problem("denied")), found("aws_queue", nil, problem("StatusCode: 404")), "denied"},
	}
	for name, test := range tests {
		s, _ := serverOver(t, &fake{apply: test.apply, read: test.read})
		_, err := s.Delete(context.Background(), &pulumirpc.DeleteRequest{
			Urn: queueURN, Id: "q-1", Properties: properties(map[string]any{"id": "q-1"})})
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestSaysGone(t *testing.T) {
	for _, message := range []string{
		"ResourceNotFound", "ResourceNotFoundException", "NoSuchEntity", "NoSuchBucket", "DashboardNotFoundError",
		"QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "StatusCode: 404", "Table does not exist",
		"couldn't find resource: not found",
	} {
		if !gone.MatchString(message) {
			t.Errorf("%s is not seen as gone", message)
		}
	}
	for _, message := range []string{"AccessDenied", "BucketNotEmpty", "DeleteConflict", "StatusCode: 409"} {
		if gone.MatchString(message) {
			t.Errorf("%s is seen as gone", message)
		}
	}
}

func TestDeleteGivesTerraformItsPrivateState(t *testing.T) {
	private := `{"schema_version":"1"}`
	var got string
	s, _ := serverOver(t, &fake{apply: func(q *p5.ApplyResourceChange_Request) *p5.ApplyResourceChange_Response {
		got = string(q.PlannedPrivate)
		return &p5.ApplyResourceChange_Response{NewState: state("aws_queue", nil)}
	}})
	meta := `{"private_state":"` + base64.StdEncoding.EncodeToString([]byte(private)) + `"}`
	_, err := s.Delete(context.Background(), &pulumirpc.DeleteRequest{
		Urn: queueURN, Id: "q-1", Properties: properties(map[string]any{"id": "q-1", "__meta": meta})})
	if err != nil || got != private {
		t.Errorf("got %q (%v)", got, err)
	}
}

func TestCheckReportsWarningsAndAllErrors(t *testing.T) {
	warning := &p5.Diagnostic{Severity: p5.Diagnostic_WARNING, Summary: "Argument is deprecated", Detail: "Use another."}
	s, warnings := serverOver(t, &fake{invalid: []*p5.Diagnostic{at(warning, "kms_key")}})
	q := &pulumirpc.CheckRequest{Urn: queueURN, News: properties(nil)}
	if _, err := s.Check(context.Background(), q); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(*warnings, "|"); got != "jobs: Argument is deprecated: Use another. Examine values at 'jobs.kmsKey'." {
		t.Errorf("the warnings are %s", got)
	}
	s, _ = serverOver(t, &fake{invalid: []*p5.Diagnostic{problem("one"), problem("two")}})
	if _, err := s.Check(context.Background(), q); err == nil || err.Error() != "one\ntwo" {
		t.Errorf("the errors are %v", err)
	}
}

func TestCheckLeavesOutWhatAnEmulatorDoesNotNeed(t *testing.T) {
	news := properties(nil)
	news.Fields["invokedViaFunctionUrl"] = structpb.NewBoolValue(true)
	q := &pulumirpc.CheckRequest{Urn: queueURN, News: news}
	s, _ := serverOver(t, &fake{})
	want := `aws:sqs/queue:Queue: the Terraform AWS provider here has no property "invokedViaFunctionUrl"`
	if _, err := s.Check(context.Background(), q); err == nil || err.Error() != want {
		t.Errorf("at AWS the error is %v", err)
	}
	endpoints := properties(map[string]any{"region": "eu-west-1"})
	endpoints.Fields["endpoints"] = structpb.NewStringValue(jsonOf(t, []any{map[string]any{"sqs": "http://127.0.0.1:5000"}}))
	if _, err := s.Configure(context.Background(), &pulumirpc.ConfigureRequest{Args: endpoints}); err != nil {
		t.Fatal(err)
	}
	r, err := s.Check(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := r.Inputs.Fields["invokedViaFunctionUrl"]; ok {
		t.Error("at an emulator the inputs still have it")
	}
}

func TestInvokeGivesAllErrors(t *testing.T) {
	s, _ := serverOver(t, &fake{invalid: []*p5.Diagnostic{at(problem("one"), "kms_key"), problem("two")}})
	_, err := s.Invoke(context.Background(), &pulumirpc.InvokeRequest{Tok: "aws:sqs/getQueue:getQueue", Args: properties(nil)})
	if err == nil || err.Error() != "one\ntwo" {
		t.Errorf("the errors are %v", err)
	}
}

func TestCancelStopsNothing(t *testing.T) {
	s, _ := serverOver(t, &fake{}) // where Stop would close a channel that is nil
	if _, err := s.Cancel(context.Background(), &emptypb.Empty{}); err != nil {
		t.Error(err)
	}
}
