package terraform

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	p5 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/vendored/tfplugin5"
)

// ApplyResourceChange creates, updates or deletes. When that fails half-way, what was made comes
// back as if it had succeeded, and the errors are left in the operation: the bridge would drop the
// state of whatever has an error.
func (s *Server) ApplyResourceChange(ctx context.Context, q *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	operation := operationIn(ctx)
	request := &p5.ApplyResourceChange_Request{
		TypeName: q.TypeName, PriorState: valueTo5(q.PriorState), PlannedState: valueTo5(q.PlannedState),
		Config: valueTo5(q.Config), PlannedPrivate: q.PlannedPrivate, ProviderMeta: valueTo5(q.ProviderMeta),
	}
	kind := kindOf(q)
	if kind == deletion && len(request.PlannedPrivate) == 0 {
		request.PlannedPrivate = operation.Private
	}
	r, err := s.applyInTime(ctx, request, kind, operation)
	if err != nil {
		return nil, err
	}
	diagnostics := operation.take(r.Diagnostics)
	switch {
	case kind == deletion:
	case failed(r.Diagnostics):
		kept, gone := s.partial(ctx, request, r)
		if kept {
			diagnostics = nil
		} else if gone && kind == update {
			diagnostics = append(diagnostics, operation.fail(notThere))
		}
	case isNull(r.NewState) && kind == update:
		diagnostics = append(diagnostics, operation.fail(notThere))
	case isNull(r.NewState):
		diagnostics = append(diagnostics, operation.fail("Terraform's provider made nothing, and gives no reason"))
	}
	return &tfprotov6.ApplyResourceChangeResponse{
		NewState: valueTo6(r.NewState), Private: r.Private,
		Diagnostics: diagnostics, UnsafeToUseLegacyTypeSystem: r.LegacyTypeSystem,
	}, nil
}

const notThere = "The resource does not exist any more: it was deleted outside of Pulumi. " +
	"Run the command again with --refresh, which makes it again"

// partial puts into the response what there is after a failure: Terraform's state claims what was
// planned, also the settings that were refused, and a later update would leave them out. It
// reports whether there is something to keep, and whether what there was is gone.
func (s *Server) partial(ctx context.Context, q *p5.ApplyResourceChange_Request, r *p5.ApplyResourceChange_Response) (kept, gone bool) {
	now := r.NewState
	if isNull(now) {
		now = q.PriorState
	}
	if !s.hasID(q.TypeName, now) {
		return false, false
	}
	read, err := s.Client.ReadResource(ctx, &p5.ReadResource_Request{
		TypeName: q.TypeName, CurrentState: now, Private: r.Private, ProviderMeta: q.ProviderMeta,
	})
	switch {
	case err != nil || failed(read.Diagnostics): // then Terraform's word is the best there is
	case !isNull(read.NewState):
		now, r.Private = read.NewState, read.Private
	case !isNull(q.PriorState):
		return false, true
		// What was made a moment ago may not be seen yet.
	}
	r.NewState = s.known(q.TypeName, now)
	return true, false
}

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

func failed(diagnostics []*p5.Diagnostic) bool {
	for _, d := range diagnostics {
		if d.Severity != p5.Diagnostic_WARNING {
			return true
		}
	}
	return false
}

type kind string

// The kinds of an operation, as Terraform's timeouts name them.
const (
	create   kind = "create"
	update   kind = "update"
	deletion kind = "delete"
)

func kindOf(q *tfprotov6.ApplyResourceChangeRequest) kind {
	switch {
	case isNull(valueTo5(q.PlannedState)):
		return deletion
	case isNull(valueTo5(q.PriorState)):
		return create
	}
	return update
}
