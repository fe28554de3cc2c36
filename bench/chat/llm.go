// A model that answers at once, for both sides of a talk: chat completions, streamed or not, always the same words.
// llm.go [PAUSE_MS]: waits so long before each piece of a stream.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

const answer = "Rice, water and nuruk are all it takes, and patience is what makes them sing. " +
	"In the mountain villages they say that a jar must be listened to before it is opened. " +
	"What would you like to hear next?"

var pause time.Duration

type request struct {
	Model  string `json:"model"`
	Stream bool   `json:"stream"`
}

func head(model, object string) map[string]any {
	return map[string]any{"id": "chatcmpl-bench", "object": object, "created": 1, "model": model}
}

func whole(w http.ResponseWriter, asked request) {
	reply := head(asked.Model, "chat.completion")
	message := map[string]any{"role": "assistant", "content": answer}
	reply["choices"] = []any{map[string]any{"index": 0, "message": message, "finish_reason": "stop"}}
	reply["usage"] = map[string]int{"prompt_tokens": 100, "completion_tokens": 40, "total_tokens": 140}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(reply)
}

func piece(w http.ResponseWriter, asked request, delta map[string]string, finish any) {
	chunk := head(asked.Model, "chat.completion.chunk")
	chunk["choices"] = []any{map[string]any{"index": 0, "delta": delta, "finish_reason": finish}}
	text, _ := json.Marshal(chunk)
	_, _ = fmt.Fprintf(w, "data: %s\n\n", text)
	if pause > 0 {
		w.(http.Flusher).Flush()
		time.Sleep(pause)
	}
}

func streamed(w http.ResponseWriter, asked request) {
	w.Header().Set("Content-Type", "text/event-stream")
	piece(w, asked, map[string]string{"role": "assistant", "content": ""}, nil)
	for _, word := range strings.SplitAfter(answer, " ") {
		piece(w, asked, map[string]string{"content": word}, nil)
	}
	piece(w, asked, map[string]string{}, "stop")
	_, _ = fmt.Fprint(w, "data: [DONE]\n\n")
}

func complete(w http.ResponseWriter, r *http.Request) {
	var asked request
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if asked.Stream {
		streamed(w, asked)
	} else {
		whole(w, asked)
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
