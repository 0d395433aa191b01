package terraform

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
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
