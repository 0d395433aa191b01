package terraform

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	p5 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/vendored/tfplugin5"
)

// Between protocol 5 on the wire ("to5" goes there) and the protocol 6 of the bridge ("to6").

func valueTo5(v *tfprotov6.DynamicValue) *p5.DynamicValue {
	if v == nil {
		return nil
	}
	return &p5.DynamicValue{Msgpack: v.MsgPack, Json: v.JSON}
}

func valueTo6(v *p5.DynamicValue) *tfprotov6.DynamicValue {
	if v == nil {
		return nil
	}
	return &tfprotov6.DynamicValue{MsgPack: v.Msgpack, JSON: v.Json}
}

func pathTo6(p *p5.AttributePath) *tftypes.AttributePath {
	if p == nil || len(p.Steps) == 0 {
		return nil
	}
	steps := make([]tftypes.AttributePathStep, 0, len(p.Steps))
	for _, s := range p.Steps {
		switch x := s.Selector.(type) {
		case *p5.AttributePath_Step_AttributeName:
			steps = append(steps, tftypes.AttributeName(x.AttributeName))
		case *p5.AttributePath_Step_ElementKeyString:
			steps = append(steps, tftypes.ElementKeyString(x.ElementKeyString))
		case *p5.AttributePath_Step_ElementKeyInt:
			steps = append(steps, tftypes.ElementKeyInt(x.ElementKeyInt))
		}
	}
	return tftypes.NewAttributePathWithSteps(steps)
}

func diagnosticsTo6(in []*p5.Diagnostic) []*tfprotov6.Diagnostic {
	var out []*tfprotov6.Diagnostic
	for _, d := range in {
		out = append(out, &tfprotov6.Diagnostic{
			Severity:  tfprotov6.DiagnosticSeverity(d.Severity),
			Summary:   d.Summary,
			Detail:    d.Detail,
			Attribute: pathTo6(d.Attribute),
		})
	}
	return out
}

func schemaTo6(s *p5.Schema) (*tfprotov6.Schema, error) {
	if s == nil {
		return nil, nil
	}
	b, err := blockTo6(s.Block)
	return &tfprotov6.Schema{Version: s.Version, Block: b}, err
}

func blockTo6(b *p5.Schema_Block) (*tfprotov6.SchemaBlock, error) {
	if b == nil {
		return nil, nil
	}
	out := &tfprotov6.SchemaBlock{Version: b.Version, Deprecated: b.Deprecated}
	for _, a := range b.Attributes {
		t, err := parseType(a.Type)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.Name, err)
		}
		out.Attributes = append(out.Attributes, &tfprotov6.SchemaAttribute{
			Name: a.Name, Type: t, Required: a.Required, Optional: a.Optional,
			Computed: a.Computed, Sensitive: a.Sensitive, Deprecated: a.Deprecated,
			WriteOnly: a.WriteOnly,
		})
	}
	for _, n := range b.BlockTypes {
		inner, err := blockTo6(n.Block)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n.TypeName, err)
		}
		out.BlockTypes = append(out.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: n.TypeName, Block: inner, MinItems: n.MinItems, MaxItems: n.MaxItems,
			Nesting: tfprotov6.SchemaNestedBlockNestingMode(n.Nesting),
		})
	}
	return out, nil
}

// Most of the ~30k attribute types are one of three short strings.
func parseType(raw []byte) (tftypes.Type, error) {
	switch string(raw) {
	case `"string"`:
		return tftypes.String, nil
	case `"bool"`:
		return tftypes.Bool, nil
	case `"number"`:
		return tftypes.Number, nil
	}
	return tftypes.ParseJSONType(raw) //nolint:staticcheck
}
