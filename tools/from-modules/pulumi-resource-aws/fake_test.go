package main

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/proto"
	p5 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/vendored/tfplugin5"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"google.golang.org/grpc"

	"groundwork/from-modules/pulumi-resource-aws/mapping"
	"groundwork/from-modules/pulumi-resource-aws/terraform"
)

// fake is a Terraform provider of three resources: a queue without timeouts and a database with
// them, both of the older SDK, and a vault of the newer framework.
type fake struct {
	p5.ProviderClient // nil: a call of anything else fails the test
	apply             func(*p5.ApplyResourceChange_Request) *p5.ApplyResourceChange_Response
	read              func(*p5.ReadResource_Request) *p5.ReadResource_Response
	validated         *p5.PrepareProviderConfig_Request
	configured        *p5.Configure_Request
	invalid           []*p5.Diagnostic
	stopped           chan struct{}
}

var (
	optional = func(name string, t string) *p5.Schema_Attribute {
		return &p5.Schema_Attribute{Name: name, Type: []byte(t), Optional: true}
	}
	timeouts = &p5.Schema_NestedBlock{TypeName: "timeouts", Nesting: p5.Schema_NestedBlock_SINGLE, Block: &p5.Schema_Block{
		Attributes: []*p5.Schema_Attribute{optional("create", `"string"`), optional("delete", `"string"`)},
	}}
	olderID = &p5.Schema_Attribute{Name: "id", Type: []byte(`"string"`), Optional: true, Computed: true}
	newerID = &p5.Schema_Attribute{Name: "id", Type: []byte(`"string"`), Computed: true}
	arn     = &p5.Schema_Attribute{Name: "arn", Type: []byte(`"string"`), Computed: true}
	schemas = map[string]*p5.Schema{
		"aws_queue":    block(nil, olderID, arn, optional("max_size", `"number"`), optional("kms_key", `"string"`)),
		"aws_database": block([]*p5.Schema_NestedBlock{timeouts}, olderID, optional("max_size", `"number"`)),
		"aws_vault":    block([]*p5.Schema_NestedBlock{timeouts}, newerID, optional("max_size", `"number"`)),
	}
	providerSchema = block([]*p5.Schema_NestedBlock{{TypeName: "endpoints", Nesting: p5.Schema_NestedBlock_SET,
		Block: &p5.Schema_Block{Attributes: []*p5.Schema_Attribute{optional("sqs", `"string"`)}}}},
		optional("region", `"string"`))
)

func block(blocks []*p5.Schema_NestedBlock, attributes ...*p5.Schema_Attribute) *p5.Schema {
	return &p5.Schema{Block: &p5.Schema_Block{Attributes: attributes, BlockTypes: blocks}}
}

// types are those of the schemas, spelled out.
var (
	timeoutsType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"create": tftypes.String, "delete": tftypes.String}}
	types        = map[string]tftypes.Object{
		"aws_queue": {AttributeTypes: map[string]tftypes.Type{
			"id": tftypes.String, "arn": tftypes.String, "max_size": tftypes.Number, "kms_key": tftypes.String}},
		"aws_database": {AttributeTypes: map[string]tftypes.Type{
			"id": tftypes.String, "max_size": tftypes.Number, "timeouts": timeoutsType}},
		"aws_vault": {AttributeTypes: map[string]tftypes.Type{
			"id": tftypes.String, "max_size": tftypes.Number, "timeouts": timeoutsType}},
	}
	endpointsType = tftypes.Set{ElementType: tftypes.Object{AttributeTypes: map[string]tftypes.Type{"sqs": tftypes.String}}}
	providerType  = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"region": tftypes.String, "endpoints": endpointsType}}
)

// state is a resource's state on the wire; what is left out is null, and no fields at all is a
// state of nothing.
func state(typeName string, fields map[string]any) *p5.DynamicValue {
	t := types[typeName]
	if fields == nil {
		return wire(t, tftypes.NewValue(t, nil))
	}
	values := map[string]tftypes.Value{}
	for name, attribute := range t.AttributeTypes {
		values[name] = tftypes.NewValue(attribute, fields[name])
	}
	return wire(t, tftypes.NewValue(t, values))
}

func wire(t tftypes.Type, value tftypes.Value) *p5.DynamicValue {
	dynamic, err := tfprotov6.NewDynamicValue(t, value)
	if err != nil {
		panic(err)
	}
	return &p5.DynamicValue{Msgpack: dynamic.MsgPack}
}

// fieldsOf unpacks an object from the wire.
func fieldsOf(t tftypes.Type, value *p5.DynamicValue) map[string]tftypes.Value {
	dynamic := tfprotov6.DynamicValue{MsgPack: value.Msgpack, JSON: value.Json}
	unpacked, err := dynamic.Unmarshal(t)
	if err != nil {
		panic(err)
	}
	fields := map[string]tftypes.Value{}
	if err := unpacked.As(&fields); err != nil {
		panic(err)
	}
	return fields
}

func problem(summary string) *p5.Diagnostic {
	return &p5.Diagnostic{Severity: p5.Diagnostic_ERROR, Summary: summary}
}

func at(d *p5.Diagnostic, attribute string) *p5.Diagnostic {
	d.Attribute = &p5.AttributePath{Steps: []*p5.AttributePath_Step{
		{Selector: &p5.AttributePath_Step_AttributeName{AttributeName: attribute}}}}
	return d
}

func (f *fake) GetSchema(context.Context, *p5.GetProviderSchema_Request, ...grpc.CallOption) (*p5.GetProviderSchema_Response, error) {
	return &p5.GetProviderSchema_Response{Provider: providerSchema, ResourceSchemas: schemas,
		DataSourceSchemas: map[string]*p5.Schema{"aws_queue": schemas["aws_queue"]}}, nil
}

func (f *fake) PrepareProviderConfig(_ context.Context, q *p5.PrepareProviderConfig_Request, _ ...grpc.CallOption) (*p5.PrepareProviderConfig_Response, error) {
	f.validated = q
	return &p5.PrepareProviderConfig_Response{}, nil
}

func (f *fake) Configure(_ context.Context, q *p5.Configure_Request, _ ...grpc.CallOption) (*p5.Configure_Response, error) {
	f.configured = q
	return &p5.Configure_Response{}, nil
}

func (f *fake) Stop(context.Context, *p5.Stop_Request, ...grpc.CallOption) (*p5.Stop_Response, error) {
	close(f.stopped)
	return &p5.Stop_Response{}, nil
}

func (f *fake) ValidateResourceTypeConfig(context.Context, *p5.ValidateResourceTypeConfig_Request, ...grpc.CallOption) (*p5.ValidateResourceTypeConfig_Response, error) {
	return &p5.ValidateResourceTypeConfig_Response{Diagnostics: f.invalid}, nil
}

func (f *fake) ValidateDataSourceConfig(context.Context, *p5.ValidateDataSourceConfig_Request, ...grpc.CallOption) (*p5.ValidateDataSourceConfig_Response, error) {
	return &p5.ValidateDataSourceConfig_Response{}, nil
}

func (f *fake) ReadDataSource(context.Context, *p5.ReadDataSource_Request, ...grpc.CallOption) (*p5.ReadDataSource_Response, error) {
	return &p5.ReadDataSource_Response{Diagnostics: f.invalid}, nil
}

func (f *fake) UpgradeResourceState(_ context.Context, q *p5.UpgradeResourceState_Request, _ ...grpc.CallOption) (*p5.UpgradeResourceState_Response, error) {
	t := types[q.TypeName]
	value, err := tfprotov6.RawState{JSON: q.RawState.Json}.Unmarshal(t)
	if err != nil {
		return nil, err
	}
	return &p5.UpgradeResourceState_Response{UpgradedState: wire(t, value)}, nil
}

func (f *fake) PlanResourceChange(_ context.Context, q *p5.PlanResourceChange_Request, _ ...grpc.CallOption) (*p5.PlanResourceChange_Response, error) {
	return &p5.PlanResourceChange_Response{PlannedState: q.ProposedNewState, PlannedPrivate: q.PriorPrivate}, nil
}

func (f *fake) ApplyResourceChange(_ context.Context, q *p5.ApplyResourceChange_Request, _ ...grpc.CallOption) (*p5.ApplyResourceChange_Response, error) {
	return f.apply(q), nil
}

func (f *fake) ReadResource(_ context.Context, q *p5.ReadResource_Request, _ ...grpc.CallOption) (*p5.ReadResource_Response, error) {
	return f.read(q), nil
}

// serverOver is the plugin over a fake; further ones are started where it asks for another.
func serverOver(t *testing.T, f *fake, others ...*fake) (*server, *[]string) {
	t.Helper()
	table := &mapping.Table{
		Resources:   map[string]*mapping.Entity{},
		DataSources: map[string]*mapping.Entity{"aws_queue": {Token: "aws:sqs/getQueue:getQueue"}},
	}
	for name, token := range map[string]string{
		"aws_queue": "aws:sqs/queue:Queue", "aws_database": "aws:rds/database:Database", "aws_vault": "aws:backup/vault:Vault",
	} {
		table.Resources[name] = &mapping.Entity{Token: token}
	}
	version = "7.0.0"
	start := func() (p5.ProviderClient, func(), error) {
		next := others[0]
		others = others[1:]
		return next, func() {}, nil
	}
	ctx := context.Background()
	s, err := newServer(ctx, nil, providerInfo(proto.New(ctx, &terraform.Server{Client: f, Start: start}), table))
	if err != nil {
		t.Fatal(err)
	}
	warnings := &[]string{}
	s.warn = func(_ context.Context, urn resource.URN, message string) {
		*warnings = append(*warnings, urn.Name()+": "+message)
	}
	return s, warnings
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
