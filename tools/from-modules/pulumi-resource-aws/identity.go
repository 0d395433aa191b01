package main

import (
	"regexp"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"
)

// sameIdentity reports whether a resource's id is made of inputs that stay as they are, so that
// its replacement would bear the same id. A name that Pulumi generated does not count: the
// replacement gets another.
func sameIdentity(id, urn string, olds, news map[string]*structpb.Value) bool {
	name := regexp.QuoteMeta(urn[strings.LastIndex(urn, "::")+2:])
	generated := regexp.MustCompile(`(?i)^(alias/)?` + name + `-[0-9a-f]{7}(\.fifo)?$`)
	found := false
	for key, old := range olds {
		value := old.GetStringValue()
		if value == "" || !isSegment(id, value) {
			continue
		}
		if generated.MatchString(value) || news[key].GetStringValue() != value {
			return false
		}
		found = true
	}
	return found
}

// isSegment reports whether part stands in id between separators.
func isSegment(id, part string) bool {
	const separators = ":/,|_#"
	for from := 0; ; {
		at := strings.Index(id[from:], part)
		if at < 0 {
			return false
		}
		start := from + at
		end := start + len(part)
		opens := start == 0 || strings.IndexByte(separators, id[start-1]) >= 0
		closes := end == len(id) || strings.IndexByte(separators, id[end]) >= 0
		if opens && closes {
			return true
		}
		from = start + 1
	}
}
