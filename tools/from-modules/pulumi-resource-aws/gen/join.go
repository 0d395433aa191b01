package main

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"

	"groundwork/from-modules/pulumi-resource-aws/mapping"
)

// pinnedNames are property names where likeness would choose another.
var pinnedNames = map[string]map[string]string{
	"aws_lambda_function": {"filename": "code", "function_name": "name"},
}

// joiner joins the attributes of a Terraform block with the properties of a Pulumi type and keeps
// only what the bridge would not derive by itself.
type joiner struct {
	types map[string]properties // the object types that shapes refer to
}

// top joins a resource, data source or the provider; below it, objects are joined likewise, but
// there "id", "timeouts" and "region" mean nothing special.
func (j joiner) top(where string, schema shim.SchemaMap, ps properties) map[string]*mapping.Field {
	return j.fields(where, schema, ps, true)
}

func (j joiner) fields(where string, schema shim.SchemaMap, ps properties, top bool) map[string]*mapping.Field {
	out := map[string]*mapping.Field{}
	taken := map[string]bool{}
	take := func(key, name string) {
		if f := j.field(where, schema, key, name, ps[name]); f != nil {
			out[key] = f
		}
		taken[name] = true
	}
	var left []string
	for _, key := range keys(schema) {
		if top && (key == "id" || key == "timeouts") {
			continue
		}
		if name := pinnedNames[where][key]; name != "" {
			take(key, name)
		} else if name, ok := expected(schema, key, ps, taken); ok {
			take(key, name)
		} else {
			left = append(left, key)
		}
	}
	// What remains has another name on the Pulumi side: join by likeness.
	joined := map[string]bool{}
	for _, c := range renamed(schema, left, ps, taken, top) {
		if !joined[c.key] && !taken[c.name] {
			joined[c.key] = true
			take(c.key, c.name)
			fmt.Fprintf(report, "renamed %s.%s -> %s\n", where, c.key, c.name)
		}
	}
	for _, key := range left {
		if !joined[key] {
			fmt.Fprintf(report, "unmatched %s.%s\n", where, key)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// expected is the property that the bridge would derive for an attribute, if there is one: a list
// has a plural name or, shown as a single value, a singular one.
func expected(schema shim.SchemaMap, key string, ps properties, taken map[string]bool) (string, bool) {
	yes, no := true, false
	tries := []*bool{nil}
	if isList(schema.Get(key)) {
		tries = append(tries, &yes, &no)
	}
	for _, one := range tries {
		name := derivedName(schema, key, one)
		if _, ok := ps[name]; ok && !taken[name] {
			return name, true
		}
	}
	return "", false
}

func derivedName(schema shim.SchemaMap, key string, one *bool) string {
	return tfbridge.TerraformToPulumiNameV2(key, schema, map[string]*tfbridge.SchemaInfo{key: {MaxItemsOne: one}})
}

// field says what is special about an attribute that is shown as property name, or nil.
func (j joiner) field(where string, schema shim.SchemaMap, key, name string, p property) *mapping.Field {
	s := schema.Get(key)
	f := &mapping.Field{}
	inner := p.Type
	if isList(s) {
		single := s.MaxItems() == 1
		if want := p.Type.Array == nil; want != single && p.Type.Primitive != "any" {
			f.One, single = &want, want
		}
		if !single && inner.Array != nil {
			inner = *inner.Array
		}
	}
	if derivedName(schema, key, f.One) != name {
		f.Name = name
	}
	j.nest(where+"."+key, s, inner, f)
	if f.Name == "" && f.One == nil && f.Fields == nil && f.Elem == nil {
		return nil
	}
	return f
}

// nest joins what is inside a list, set, map or object.
func (j joiner) nest(where string, s shim.Schema, t shape, f *mapping.Field) {
	switch element := s.Elem().(type) {
	case shim.Resource: // an object
		ps, ok := j.types[t.Ref]
		if !ok {
			if t.Ref != "" {
				fmt.Fprintf(report, "no type %s at %s\n", t.Ref, where)
			}
			return
		}
		fields := j.fields(where, element.Schema(), ps, false)
		if fields != nil && isList(s) {
			f.Elem = &mapping.Field{Fields: fields}
		} else {
			f.Fields = fields
		}
	case shim.Schema: // a list of lists or a map of objects
		if s.Type() == shim.TypeMap && t.Map != nil {
			t = *t.Map
		}
		inner := &mapping.Field{}
		j.nest(where+".$", element, t, inner)
		if inner.Fields != nil || inner.Elem != nil {
			f.Elem = inner
		}
	}
}

type renaming struct {
	key, name string
	score     float64
}

// renamed lists which property each attribute might be shown as, likeliest first.
func renamed(schema shim.SchemaMap, left []string, ps properties, taken map[string]bool, top bool) []renaming {
	var out []renaming
	for _, key := range left {
		s := schema.Get(key)
		for name, p := range ps {
			if taken[name] || top && (name == "region" || name == "id") || !fits(s, p.Type) {
				continue
			}
			score := nameLikeness(strings.ReplaceAll(key, "_", ""), strings.ToLower(name))
			if score == 0 && p.Type.Primitive == "A" && s.Type() == shim.TypeString {
				score = 1 // an asset stands for a file's name, whatever that is called
			}
			if score > 0 {
				out = append(out, renaming{key, name, score})
			}
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].score != out[j].score {
			return out[i].score > out[j].score
		}
		return out[i].key+out[i].name < out[j].key+out[j].name
	})
	return out
}

// nameLikeness is 0 unless one name begins or ends with the other.
func nameLikeness(a, b string) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	switch {
	case a == b:
		return 3
	case strings.HasPrefix(b, a), strings.HasSuffix(b, a):
		return 1 + float64(len(a))/float64(len(b))
	}
	return 0
}

func fits(s shim.Schema, t shape) bool {
	switch s.Type() {
	case shim.TypeString:
		return t.Primitive == "s" || t.Primitive == "A"
	case shim.TypeBool:
		return t.Primitive == "b"
	case shim.TypeFloat, shim.TypeInt:
		return t.Primitive == "n"
	case shim.TypeList, shim.TypeSet:
		return t.Array != nil || t.Ref != "" || t.Primitive != ""
	case shim.TypeMap:
		return t.Map != nil || t.Ref != ""
	}
	return true
}

func isList(s shim.Schema) bool { return s.Type() == shim.TypeList || s.Type() == shim.TypeSet }

func keys(schema shim.SchemaMap) []string {
	var out []string
	schema.Range(func(key string, _ shim.Schema) bool {
		out = append(out, key)
		return true
	})
	slices.Sort(out)
	return out
}
