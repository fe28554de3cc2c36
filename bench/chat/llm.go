// A model that answers at once, for both sides of a talk: chat completions, streamed or not, always the same words.
// llm.go [PAUSE_MS]: waits so long before each piece of a stream.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

const answer = "Rice, water and nuruk are all it takes, and patience is what makes them sing. " +
	"In the mountain villages they say that a jar must be listened to before it is opened. " +
	"What would you like to hear next?"

var pause time.Duration

// What is asked for is found by its key: a key within somebody's words would have its quotes escaped. (To decode a prompt of
// several pages costs more than all else that is done here.)
var (
	modelAsked  = regexp.MustCompile(`"model":\s*"([^"\\]*)"`)
	streamAsked = regexp.MustCompile(`"stream":\s*true`)
)

func head(model, object string) map[string]any {
	return map[string]any{"id": "chatcmpl-bench", "object": object, "created": 1, "model": model}
}

func whole(model string) []byte {
	reply := head(model, "chat.completion")
	message := map[string]any{"role": "assistant", "content": answer}
	reply["choices"] = []any{map[string]any{"index": 0, "message": message, "finish_reason": "stop"}}
	reply["usage"] = map[string]int{"prompt_tokens": 100, "completion_tokens": 40, "total_tokens": 140}
	text, _ := json.Marshal(reply)
	return text
}

func piece(model string, delta map[string]string, finish any) []byte {
	chunk := head(model, "chat.completion.chunk")
	chunk["choices"] = []any{map[string]any{"index": 0, "delta": delta, "finish_reason": finish}}
	text, _ := json.Marshal(chunk)
	return fmt.Appendf(nil, "data: %s\n\n", text)
}

func pieces(model string) [][]byte {
	all := [][]byte{piece(model, map[string]string{"role": "assistant", "content": ""}, nil)}
	for _, word := range strings.SplitAfter(answer, " ") {
		all = append(all, piece(model, map[string]string{"content": word}, nil))
	}
	return append(all, piece(model, map[string]string{}, "stop"), []byte("data: [DONE]\n\n"))
}

// What it answers is always the same, and made once: the load runs on the servers' cores.
type prepared struct {
	whole  []byte
	pieces [][]byte
	all    []byte // the pieces in one
}

var answers sync.Map // by model

func answerOf(model string) *prepared {
	if found, ok := answers.Load(model); ok {
		return found.(*prepared)
	}
	made := &prepared{whole: whole(model), pieces: pieces(model)}
	made.all = bytes.Join(made.pieces, nil)
	answers.Store(model, made)
	return made
}

func streamed(w http.ResponseWriter, answer *prepared) {
	w.Header().Set("Content-Type", "text/event-stream")
	if pause == 0 {
		_, _ = w.Write(answer.all)
		return
	}
	for _, piece := range answer.pieces {
		_, _ = w.Write(piece)
		w.(http.Flusher).Flush()
		time.Sleep(pause)
	}
}

func complete(w http.ResponseWriter, r *http.Request) {
	asked, err := io.ReadAll(r.Body)
	model := modelAsked.FindSubmatch(asked)
	if err != nil || model == nil {
		http.Error(w, "which model?", http.StatusBadRequest)
		return
	}
	if answer := answerOf(string(model[1])); streamAsked.Match(asked) {
		streamed(w, answer)
	} else {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer.whole)
	}
}

func main() {
	if len(os.Args) > 1 {
		milliseconds, err := strconv.Atoi(os.Args[1])
		if err != nil {
			log.Fatal(err)
		}
		pause = time.Duration(milliseconds) * time.Millisecond
	}
	http.HandleFunc("POST /v1/chat/completions", complete)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("llm is ready: http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}
