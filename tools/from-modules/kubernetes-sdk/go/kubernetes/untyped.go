// Package kubernetes stands in for the SDK's package of that name.
package kubernetes

import "reflect"

// UntypedArgs are the properties of an object as its manifest has them.
type UntypedArgs map[string]any

// ElementType makes UntypedArgs a pulumi.Input.
func (UntypedArgs) ElementType() reflect.Type { return reflect.TypeFor[map[string]any]() }
