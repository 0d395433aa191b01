package terraform

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	p5 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/vendored/tfplugin5"
)

// hasID reports whether a state is that of something which exists.
func (s *Server) hasID(typeName string, state *p5.DynamicValue) bool {
	fields, ok := s.fields(typeName, state)
	if !ok {
		return false
	}
	id, declared := fields["id"]
	var text string
	return !declared || id.IsKnown() && id.As(&text) == nil && text != ""
}

// known is the state with null for what a failure left unknown: a state can't hold that.
func (s *Server) known(typeName string, state *p5.DynamicValue) *p5.DynamicValue {
	t := s.typeOf(typeName)
	value, err := valueTo6(state).Unmarshal(t)
	if err != nil || value.IsFullyKnown() {
		return state
	}
	value, err = tftypes.Transform(value, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if !v.IsKnown() {
			return tftypes.NewValue(v.Type(), nil), nil
		}
		return v, nil
	})
	if err != nil {
		return state
	}
	return packed(t, value, state)
}

func (s *Server) fields(typeName string, state *p5.DynamicValue) (map[string]tftypes.Value, bool) {
	if isNull(state) {
		return nil, false
	}
	value, err := valueTo6(state).Unmarshal(s.typeOf(typeName))
	if err != nil {
		return nil, false
	}
	var fields map[string]tftypes.Value
	return fields, value.As(&fields) == nil
}

// packed is the value on the wire, or what it was made from where that can't be.
func packed(t tftypes.Type, value tftypes.Value, or *p5.DynamicValue) *p5.DynamicValue {
	dynamic, err := tfprotov6.NewDynamicValue(t, value)
	if err != nil {
		return or
	}
	return valueTo5(&dynamic)
}

func isNull(v *p5.DynamicValue) bool {
	if v == nil {
		return true
	}
	null, err := valueTo6(v).IsNull()
	return err != nil || null
}
